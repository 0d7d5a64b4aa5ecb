package tidemark.network.user;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** A server on the host's loopback that treats each client as {@link Session} says, on a thread of its own. */
final class HostServer implements AutoCloseable {
    private final ServerSocket server;
    private final List<Thread> threads = new ArrayList<>();
    private volatile Throwable failure;

    interface Session {
        void serve(Socket client) throws Exception;
    }

    HostServer(Session session) throws IOException {
        server = new ServerSocket();
        server.setReceiveBufferSize(1 << 18);
        server.bind(new InetSocketAddress("127.0.0.1", 0), 300);
        start(() -> {
            while (true) {
                Socket client = server.accept();
                start(() -> {
                    try (client) {
                        session.serve(client);
                    }
                });
            }
        });
    }

    static HostServer echo() throws IOException {
        return new HostServer(client -> {
            client.getInputStream().transferTo(client.getOutputStream());
            client.shutdownOutput();
        });
    }

    private interface Work {
        void run() throws Exception;
    }

    private synchronized void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (Throwable e) {
                if (!server.isClosed()) {
                    failure = e;
                }
            }
        }, "server");
        threads.add(thread);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    /** @throws AssertionError if a session ended with an exception */
    void check() {
        if (failure != null) {
            throw new AssertionError("The server failed", failure);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
