package tidemark.network.user;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The host's end of a connection: a non-blocking socket. It is read while the {@link Sender} has room, and written while the {@link Receiver} has data, so
 * that each side feels the other's back-pressure.
 */
final class HostStream {
    private static final Logger LOG = LoggerFactory.getLogger(HostStream.class);

    private final SocketChannel channel;
    private final Connection connection;
    private final SelectionKey key;
    private boolean readable;
    private boolean ended;
    private boolean shutDown;

    /** @param channel closed if this fails */
    HostStream(EventLoop loop, SocketChannel channel, Connection connection) throws IOException {
        this.channel = channel;
        this.connection = connection;
        try {
            key = loop.register(channel, 0, ready -> ready());
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    void connect(InetSocketAddress remote) {
        try {
            if (channel.connect(remote)) {
                connection.hostConnected();
            } else {
                key.interestOps(SelectionKey.OP_CONNECT);
            }
        } catch (IOException | UnsupportedAddressTypeException e) {
            failed(e);
        }
    }

    private void ready() {
        if (key.isConnectable()) {
            finishConnecting();
        } else {
            readable |= key.isReadable();
            connection.settle();
        }
    }

    private void finishConnecting() {
        try {
            if (channel.finishConnect()) {
                key.interestOps(0);
                connection.hostConnected();
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    private void failed(Exception e) {
        LOG.debug("The host's side cannot be connected", e);
        connection.hostFailed(e instanceof ConnectException);
    }

    /** Moves what can be moved in both directions; asks to be told when more can. */
    void exchange(Sender sender, Receiver receiver) throws IOException {
        if (isDone()) {
            return;
        }
        if (readable && !ended && sender.hasRoom()) {
            ended = !sender.fill(channel);
            readable = false;
        }
        receiver.drain(channel);
        if (receiver.isFinished() && receiver.pending() == 0 && !shutDown) {
            shutDown = true;
            channel.shutdownOutput();
        }
        if (isDone()) {
            close();
            return;
        }
        int read = !ended && sender.hasRoom() ? SelectionKey.OP_READ : 0;
        int write = receiver.pending() > 0 ? SelectionKey.OP_WRITE : 0;
        key.interestOps(read | write);
    }

    /** The host has said all. */
    boolean isEnded() {
        return ended;
    }

    /** Each side has said all that it had to say, and the host has taken it. */
    boolean isDone() {
        return ended && shutDown;
    }

    void close() {
        Closing.quietly(channel);
    }

    /** Tells the other side by a reset that not all is well. */
    void abort() {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            LOG.debug("The host's socket is closed already", e);
        }
        close();
    }
}
