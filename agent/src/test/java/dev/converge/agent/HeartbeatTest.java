package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.session.Session;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class HeartbeatTest {
  private final List<String> asked = new ArrayList<>();

  @Test
  void onlyAStreamThatDoesNotNoticeALossIsAsked() {
    Heartbeat.beat(over(true));
    assertThat(asked).doesNotContain("createBuffer");

    Heartbeat.beat(over(false));
    assertThat(asked).contains("createBuffer");
  }

  private Session over(boolean noticesLoss) {
    var io =
        new StreamSession("client", new Still(noticesLoss), handler(), new Lane(Runnable::run));
    return (Session)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Session.class},
            (proxy, method, arguments) -> {
              asked.add(method.getName());
              return switch (method.getName()) {
                case "getIoSession" -> io;
                case "isAuthenticated" -> true;
                default -> throw new UnsupportedOperationException(method.getName());
              };
            });
  }

  private static IoHandler handler() {
    return (IoHandler)
        Proxy.newProxyInstance(
            IoHandler.class.getClassLoader(),
            new Class<?>[] {IoHandler.class},
            (proxy, method, arguments) -> null);
  }

  private record Still(boolean noticesLoss) implements ByteStream {
    @Override
    public Home home() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void send(byte[] bytes, int offset, int length, Consumer<@Nullable Throwable> done) {}

    @Override
    public void reading(boolean on) {}

    @Override
    public void close(boolean immediately) {}
  }
}
