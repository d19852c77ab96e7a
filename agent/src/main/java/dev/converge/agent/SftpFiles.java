package dev.converge.agent;

import java.nio.file.FileSystem;
import java.nio.file.Path;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.sftp.server.SftpSubsystem;
import org.apache.sshd.sftp.server.SftpSubsystemConfigurator;
import org.jspecify.annotations.Nullable;

/** All files, seen by sftp from the directory where shells start. */
class SftpFiles extends SftpSubsystem {
  private final Path start;

  SftpFiles(ChannelSession channel, SftpSubsystemConfigurator configurator, Path start) {
    super(channel, configurator);
    this.start = start;
    defaultDir = start;
  }

  @Override
  public void setFileSystem(@Nullable FileSystem fileSystem) {
    super.setFileSystem(fileSystem);
    defaultDir = start;
  }
}
