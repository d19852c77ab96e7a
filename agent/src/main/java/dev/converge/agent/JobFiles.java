package dev.converge.agent;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.sshd.sftp.server.FileHandle;
import org.apache.sshd.sftp.server.SftpFileSystemAccessor;
import org.apache.sshd.sftp.server.SftpSubsystemProxy;

/**
 * How sftp gets at files, with as little asking as OpenSSH's server. For one session, whose
 * requests are served one after the other.
 */
final class JobFiles implements SftpFileSystemAccessor {
  private static final String ALL = "unix:*";

  /** All but the names of who owns it, for which the system reads whole files each time. */
  private static final String NAMELESS =
      "unix:mode,ino,dev,rdev,nlink,uid,gid,ctime,permissions,size,lastModifiedTime,"
          + "lastAccessTime,creationTime,isDirectory,isRegularFile,isSymbolicLink,isOther,fileKey";

  private static final int MOST_NAMES = 1000;

  private final Map<Object, Object> owners = new HashMap<>();
  private final Map<Object, Object> groups = new HashMap<>();

  @Override
  public Map<String, ?> readFileAttributes(
      SftpSubsystemProxy sftp, Path file, String view, LinkOption... options) throws IOException {
    if (!view.equals(ALL)) {
      return Files.readAttributes(file, view, options);
    }
    Map<String, Object> attributes = new HashMap<>(Files.readAttributes(file, NAMELESS, options));
    Object user = Objects.requireNonNull(attributes.get("uid"));
    Object group = Objects.requireNonNull(attributes.get("gid"));
    attributes.put("owner", name(owners, user, file, "unix:owner", options));
    attributes.put("group", name(groups, group, file, "unix:group", options));
    return attributes;
  }

  private static Object name(
      Map<Object, Object> known, Object id, Path file, String attribute, LinkOption... options)
      throws IOException {
    Object name = known.get(id);
    if (name == null) {
      name = Files.getAttribute(file, attribute, options);
      if (known.size() < MOST_NAMES) {
        known.put(id, name);
      }
    }
    return name;
  }

  /** When it is on the disk is the system's business, unless the client asks for it. */
  @Override
  public void closeFile(
      SftpSubsystemProxy sftp,
      FileHandle handle,
      Path file,
      String name,
      Channel channel,
      Set<? extends OpenOption> options)
      throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
