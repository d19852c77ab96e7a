package dev.converge.agent;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.server.SftpSubsystemConfigurator;

/**
 * All files, for looking at. What is allowed is listed here, rather than what is not: a request
 * that the library learns one day is refused.
 */
final class ReadOnlyFiles extends SftpFiles {
  private static final Set<Integer> REQUESTS =
      Set.of(
          SftpConstants.SSH_FXP_INIT,
          SftpConstants.SSH_FXP_OPEN,
          SftpConstants.SSH_FXP_CLOSE,
          SftpConstants.SSH_FXP_READ,
          SftpConstants.SSH_FXP_LSTAT,
          SftpConstants.SSH_FXP_FSTAT,
          SftpConstants.SSH_FXP_STAT,
          SftpConstants.SSH_FXP_OPENDIR,
          SftpConstants.SSH_FXP_READDIR,
          SftpConstants.SSH_FXP_REALPATH,
          SftpConstants.SSH_FXP_READLINK,
          SftpConstants.SSH_FXP_EXTENDED);

  private static final Set<String> EXTENSIONS =
      Set.of(
          SftpConstants.EXT_VERSION_SELECT,
          SftpConstants.EXT_MD5_HASH,
          SftpConstants.EXT_MD5_HASH_HANDLE,
          SftpConstants.EXT_CHECK_FILE_HANDLE,
          SftpConstants.EXT_CHECK_FILE_NAME,
          SftpConstants.EXT_SPACE_AVAILABLE,
          "limits@openssh.com");

  private static final int READING =
      SftpConstants.ACE4_READ_DATA
          | SftpConstants.ACE4_READ_ATTRIBUTES
          | SftpConstants.ACE4_READ_NAMED_ATTRS
          | SftpConstants.ACE4_READ_ACL;

  ReadOnlyFiles(ChannelSession channel, SftpSubsystemConfigurator configurator, Path start) {
    super(channel, configurator, start);
  }

  @Override
  protected void doProcess(Buffer buffer, int length, int type, int id) throws IOException {
    if (REQUESTS.contains(type)) {
      super.doProcess(buffer, length, type, id);
    } else {
      deny(buffer, id);
    }
  }

  @Override
  protected void executeExtendedCommand(Buffer buffer, int id, String extension)
      throws IOException {
    if (EXTENSIONS.contains(extension)) {
      super.executeExtendedCommand(buffer, id, extension);
    } else {
      deny(buffer, id);
    }
  }

  private void deny(Buffer buffer, int id) throws IOException {
    sendStatus(
        prepareReply(buffer), id, SftpConstants.SSH_FX_PERMISSION_DENIED, "this is read-only");
  }

  /** Only regular files: to read a pipe or a device is to take from others. */
  @Override
  protected String doOpen(
      int id, String path, int flags, int access, Map<String, Object> attributes)
      throws IOException {
    Path file = resolveFile(path);
    boolean special = Files.exists(file) && !Files.isRegularFile(file);
    if (special || flags != SftpConstants.SSH_FXF_OPEN_EXISTING || (access & ~READING) != 0) {
      throw new AccessDeniedException(path, null, "this is read-only");
    }
    return super.doOpen(id, path, flags, access, attributes);
  }
}
