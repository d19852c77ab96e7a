package dev.converge.relay;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Counts a connection for the address that it comes from as soon as that is known: when it is
 * accepted, behind the PROXY header, or with each request that a trusted proxy passes on. One that
 * is too many is told so when it asks for something, or cut at once where many are.
 */
final class Gate extends ChannelInboundHandlerAdapter {
  private static final AttributeKey<Visitor> VISITOR = AttributeKey.valueOf(Gate.class, "visitor");

  private final Connections connections;
  private final Visitors visitors;
  private final boolean trustProxy;
  private @Nullable RefusedException refused;

  Gate(Connections connections, Visitors visitors, boolean trustProxy) {
    this.connections = connections;
    this.visitors = visitors;
    this.trustProxy = trustProxy;
  }

  /** The visitor whose connection this is, or was; there is one behind this gate. */
  static Visitor visitor(Channel channel) {
    Visitor visitor = channel.attr(VISITOR).get();
    if (visitor == null) {
      throw new IllegalStateException("nobody came through the gate");
    }
    return visitor;
  }

  /** Looks at a connection before anything is spent on it; false if it is to be cut at once. */
  boolean admits(Channel channel, boolean addressKnown) {
    if (connections.isFull()) {
      refuse(
          channel,
          new RefusedException(
              Refusal.CONNECTIONS,
              "this relay has as many connections as it can carry; try again later"));
    } else if (addressKnown) {
      arrive(channel);
    }
    return refused == null || visitors.mayBeAnswered();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    ctx.channel().closeFuture().addListener(closed -> leave(ctx.channel()));
  }

  /** The address is known now, if it does not come with the requests. */
  @Override
  public void channelActive(ChannelHandlerContext ctx) throws Exception {
    Channel channel = ctx.channel();
    if (!trustProxy && refused == null && !channel.hasAttr(VISITOR)) {
      arrive(channel);
      if (refused != null && !visitors.mayBeAnswered()) {
        ctx.close();
      }
    }
    super.channelActive(ctx);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    Answer objection =
        message instanceof HttpRequest request ? objection(ctx.channel(), request.headers()) : null;
    if (objection == null) {
      super.channelRead(ctx, message);
    } else {
      ReferenceCountUtil.release(message);
      objection.send(ctx);
    }
  }

  private @Nullable Answer objection(Channel channel, HttpHeaders headers) {
    try {
      if (trustProxy) {
        comeFrom(channel, Forwarded.client(headers));
      }
      return refused == null ? null : Refusals.answer(refused);
    } catch (IllegalArgumentException e) {
      return Answer.line(HttpResponseStatus.BAD_REQUEST, String.valueOf(e.getMessage()))
          .endConnection();
    }
  }

  /** A proxy may send the requests of several clients through one connection. */
  private void comeFrom(Channel channel, @Nullable InetSocketAddress client) {
    InetSocketAddress before = Addresses.of(channel);
    if (client != null) {
      Addresses.set(channel, client);
    }
    boolean same = before.getAddress().equals(Addresses.of(channel).getAddress());
    if (refused == null && !(same && channel.hasAttr(VISITOR))) {
      leave(channel);
      arrive(channel);
    }
  }

  private void arrive(Channel channel) {
    try {
      Visitor visitor = visitors.arrive(Addresses.of(channel).getAddress());
      channel.attr(VISITOR).set(visitor);
    } catch (RefusedException e) {
      refuse(channel, e);
    }
  }

  private void refuse(Channel channel, RefusedException why) {
    refused = why;
    visitors.refused(why);
    Refusals.log(channel, why);
  }

  private static void leave(Channel channel) {
    if (channel.hasAttr(VISITOR)) {
      visitor(channel).leave();
    }
  }
}
