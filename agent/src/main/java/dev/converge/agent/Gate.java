package dev.converge.agent;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.Service;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.AsyncAuthException;
import org.apache.sshd.server.auth.password.PasswordAuthenticator;
import org.apache.sshd.server.auth.pubkey.PublickeyAuthenticator;
import org.apache.sshd.server.session.ServerUserAuthService;
import org.apache.sshd.server.session.ServerUserAuthServiceFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before the login: delays wrong passwords, turns everybody away after too many failures,
 * and ends connections on which nobody logs in.
 *
 * <p>A wrong password is a failure. Keys cannot be guessed, and an honest client may offer many
 * before the right one: all that a connection offers are one failure, and only if it ends without a
 * login.
 */
final class Gate implements SessionListener {
  private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
  private static final AttributeKey<Boolean> KEYS_TRIED = new AttributeKey<>();
  private static final AttributeKey<Boolean> UNANSWERED = new AttributeKey<>();
  private static final AttributeKey<Boolean> ENDED = new AttributeKey<>();
  private static final AttributeKey<Boolean> LOGIN_BEGUN = new AttributeKey<>();
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  private final LoginLimits limits;
  private final Attempts attempts;
  private final ScheduledExecutorService timer;

  Gate(LoginLimits limits, Attempts attempts, ScheduledExecutorService timer) {
    this.limits = limits;
    this.attempts = attempts;
    this.timer = timer;
  }

  /** To be called when the server has its authenticators. */
  void install(SshServer server) {
    PasswordAuthenticator passwords = server.getPasswordAuthenticator();
    if (passwords != null) {
      server.setPasswordAuthenticator(delayed(passwords));
    }
    PublickeyAuthenticator keys = server.getPublickeyAuthenticator();
    if (keys != null) {
      server.setPublickeyAuthenticator(counted(keys));
    }
    server.setServiceFactories(List.of(new LoginOnce(), new Connections()));
    server.addSessionListener(this);
  }

  private PasswordAuthenticator delayed(PasswordAuthenticator inner) {
    return (user, password, session) -> {
      var verdict = attempts.guess(() -> inner.authenticate(user, password, session));
      return switch (verdict.outcome()) {
        case RIGHT -> true;
        case WRONG -> throw wrong(session, verdict.time());
        case REFUSED -> throw refused(session, verdict.time());
      };
    };
  }

  private PublickeyAuthenticator counted(PublickeyAuthenticator inner) {
    return (user, key, session) -> {
      Duration refusal = attempts.refusedFor();
      if (!refusal.isZero()) {
        throw refused(session, refusal);
      }
      countKey(session);
      return inner.authenticate(user, key, session);
    };
  }

  /** A key was offered, which is a failure if nobody logs in on this connection. */
  static void countKey(Session session) {
    session.setAttribute(KEYS_TRIED, true);
  }

  private AsyncAuthException wrong(Session session, Duration delay) {
    var answer = new AsyncAuthException();
    session.setAttribute(UNANSWERED, true);
    Runnable give =
        () -> {
          session.removeAttribute(UNANSWERED);
          if (session.isOpen()) {
            answer.setAuthed(false);
          }
        };
    var client = (StreamSession) session.getIoSession();
    var unused =
        timer.schedule(() -> client.execute(give), delay.toMillis(), TimeUnit.MILLISECONDS);
    return answer;
  }

  /** The exception stands for an answer that never comes. */
  private AsyncAuthException refused(Session session, Duration time) {
    end(session, "too many failed logins; try again in " + (time.toMillis() / 1000 + 1) + " s");
    return new AsyncAuthException();
  }

  @Override
  public void sessionCreated(Session session) {
    var unused =
        timer.schedule(() -> tooLate(session), limits.time().toMillis(), TimeUnit.MILLISECONDS);
  }

  private void tooLate(Session session) {
    if (session.isOpen() && !session.isAuthenticated()) {
      end(session, "not logged in within " + Spoken.duration(limits.time()));
    }
  }

  /** Nobody is asked for a password that would not be looked at. */
  @Override
  public void sessionEvent(Session session, Event event) {
    if (event == Event.KeyEstablished && !session.isAuthenticated()) {
      Duration refusal = attempts.refusedFor();
      if (!refusal.isZero()) {
        var unused = refused(session, refusal);
      }
    }
  }

  @Override
  public void sessionClosed(Session session) {
    if (session.removeAttribute(KEYS_TRIED) != null && !session.isAuthenticated()) {
      var unused = attempts.failed();
    }
  }

  /** Tells the client why, but does not wait long for it to listen. */
  private void end(Session session, String reason) {
    session.setAttribute(ENDED, true);
    try {
      session.disconnect(SshConstants.SSH2_DISCONNECT_BY_APPLICATION, reason);
    } catch (IOException | RuntimeException e) {
      LOG.debug("{}: gone before its farewell", session, e);
    }
    var unused =
        timer.schedule(() -> session.close(true), FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
  }

  private final class LoginOnce extends ServerUserAuthServiceFactory {
    /** Asking for the login again would give new tries. */
    @Override
    public Service create(Session session) throws IOException {
      if (session.setAttribute(LOGIN_BEGUN, true) != null) {
        throw new SshException("the login has begun already");
      }
      return new OneByOne(session);
    }
  }

  /** Who sends the next guess without waiting for a delayed answer would not be delayed at all. */
  private final class OneByOne extends ServerUserAuthService {
    OneByOne(Session session) throws IOException {
      super(session);
    }

    @Override
    public synchronized void process(int command, Buffer buffer) throws Exception {
      Session session = getSession();
      boolean unanswered = session.getAttribute(UNANSWERED) != null;
      boolean ended = session.getAttribute(ENDED) != null;
      // Asked last: a session that begins to close loses its attributes, and still gets messages.
      if (ended || session.isClosing()) {
        return;
      }
      if (!unanswered) {
        super.process(command, buffer);
      } else {
        end(session, "a login was tried before the last was answered");
      }
    }
  }
}
