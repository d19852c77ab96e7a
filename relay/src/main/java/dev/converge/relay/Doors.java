package dev.converge.relay;

import dev.converge.tunnel.Protocol;
import dev.converge.tunnel.Role;
import dev.converge.tunnel.SessionId;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets agents and clients in: each well-formed request becomes a waiting slot or client. */
final class Doors {
  private final Rendezvous<WaitingSlot, WaitingClient> rendezvous;
  private final RelayLimits limits;
  private final TokenCheck tokens;

  Doors(Rendezvous<WaitingSlot, WaitingClient> rendezvous, RelayLimits limits, TokenCheck tokens) {
    this.rendezvous = rendezvous;
    this.limits = limits;
    this.tokens = tokens;
  }

  /** Takes the connection over from the router, or answers why not and ends it. */
  void enter(ChannelHandlerContext ctx, HttpRequest request, Role role) {
    Answer objection = Upgrade.objection(request);
    if (objection == null) {
      objection = tokens.objection(request, role);
    }
    if (objection != null) {
      objection.endConnection().send(ctx);
      return;
    }
    try {
      var uri = new QueryStringDecoder(request.uri());
      var id = new SessionId(uri.rawPath().substring(role.segment().length() + 2));
      if (role == Role.AGENT) {
        admitAgent(ctx, request, id);
      } else {
        admitClient(ctx, request, id, wait(uri.parameters().get(Protocol.WAIT_PARAMETER)));
      }
    } catch (IllegalArgumentException e) {
      Answer.line(HttpResponseStatus.BAD_REQUEST, String.valueOf(e.getMessage()))
          .endConnection()
          .send(ctx);
    } catch (RefusedException e) {
      refuse(ctx, e);
    }
  }

  private static void refuse(ChannelHandlerContext ctx, RefusedException refused) {
    Visitor visitor = Gate.visitor(ctx.channel());
    visitor.rest();
    visitor.refused(refused);
    Refusals.log(ctx.channel(), refused);
    Refusals.answer(refused).send(ctx);
  }

  private void admitAgent(ChannelHandlerContext ctx, HttpRequest request, SessionId id)
      throws RefusedException {
    Upgrade upgrade = Upgrade.of(request);
    var slot = new WaitingSlot(ctx.channel(), id, rendezvous, upgrade.speaksConverge());
    Gate.visitor(ctx.channel()).become(Visitor.Phase.SLOT);
    rendezvous.offer(id, Owner.of(request.headers().get(Protocol.KEY_HEADER)), slot);
    WebSocketPipeline.leaveHttp(ctx.pipeline());
    WebSocketPipeline.install(ctx.pipeline(), slot, limits);
    upgrade.accept(ctx.channel(), upgrade.speaksConverge(), limits.messageBytes());
  }

  private void admitClient(
      ChannelHandlerContext ctx, HttpRequest request, SessionId id, Duration wait)
      throws RefusedException {
    var client = new WaitingClient(ctx.channel(), id, rendezvous, Upgrade.of(request), limits);
    Gate.visitor(ctx.channel()).become(Visitor.Phase.CLIENT);
    ctx.pipeline().addLast(client);
    try {
      client.await(wait);
    } catch (RefusedException e) {
      ctx.pipeline().remove(client);
      throw e;
    }
  }

  private static Duration wait(@Nullable List<String> values) {
    if (values == null) {
      return Protocol.DEFAULT_WAIT;
    }
    String value = values.get(0);
    long most = Protocol.MAX_WAIT.toSeconds();
    if (values.size() == 1 && value.matches("[0-9]{1,3}") && Integer.parseInt(value) <= most) {
      return Duration.ofSeconds(Integer.parseInt(value));
    }
    throw new IllegalArgumentException(
        Protocol.WAIT_PARAMETER + ": not a number of seconds (expected: 0 to " + most + ")");
  }
}
