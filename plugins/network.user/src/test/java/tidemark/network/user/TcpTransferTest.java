package tidemark.network.user;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes through TCP connections, in good weather and in bad. */
@Timeout(120)
class TcpTransferTest {
    private static byte[] data(int length, int seed) {
        byte[] data = new byte[length];
        new Random(seed).nextBytes(data);
        return data;
    }

    private static void echoes(GuestTcp guest, HostServer server, byte[] data) {
        GuestSocket socket = guest.connect(server.port());
        socket.write(data);
        socket.shutdownOutput();
        assertArrayEquals(data, socket.readAll());
        server.check();
    }

    @Test
    void megabytesReturnAsTheyWent() throws IOException {
        try (HostServer server = HostServer.echo(); GuestTcp guest = new GuestTcp(Cable.HOST_LOOPBACK)) {
            echoes(guest, server, data(8 << 20, 1));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1459, 1460, 1461, 131_071, 131_072, 131_073})
    void everyLengthReturnsAsItWent(int length) throws IOException {
        try (HostServer server = HostServer.echo(); GuestTcp guest = new GuestTcp(Cable.HOST_LOOPBACK)) {
            echoes(guest, server, data(length, length));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 2, 0, 0", "2, 0, 10, 0", "3, 0, 0, 10", "4, 3, 3, 3", "5, 10, 5, 5"})
    void nothingIsLostDoubledOrSwappedByBadWeather(long seed, int lost, int twice, int late) throws IOException {
        Weather outward = new Weather(seed, lost, twice, late);
        Weather inward = new Weather(seed + 100, lost, twice, late);
        try (HostServer server = HostServer.echo(); GuestTcp guest = new GuestTcp(Cable.HOST_LOOPBACK, outward, inward)) {
            echoes(guest, server, data(lost > 5 ? 200_000 : 1 << 20, (int) seed));
        }
    }

    @Test
    void manyConnectionsShareTheCableFairlyEnoughForAllToEnd() throws IOException {
        try (HostServer server = HostServer.echo(); GuestTcp guest = new GuestTcp(Cable.HOST_LOOPBACK, new Weather(7, 1, 1, 1), new Weather(8, 1, 1, 1))) {
            List<GuestSocket> sockets = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                GuestSocket socket = guest.open(Packet.GATEWAY, server.port());
                socket.write(data(50_000 + i, i));
                socket.shutdownOutput();
                sockets.add(socket);
            }
            for (int i = 0; i < 30; i++) {
                assertArrayEquals(data(50_000 + i, i), sockets.get(i).readAll());
            }
        }
    }

    @Test
    void theHostMayFinishFirstAndGoOnListening() throws Exception {
        byte[] down = data(300_000, 1);
        byte[] up = data(300_000, 2);
        var received = new CompletableFuture<byte[]>();
        try (HostServer server = new HostServer(client -> {
            client.getOutputStream().write(down);
            client.shutdownOutput();
            received.complete(client.getInputStream().readAllBytes());
        }); GuestTcp guest = new GuestTcp(Cable.HOST_LOOPBACK)) {
            GuestSocket socket = guest.connect(server.port());
            assertArrayEquals(down, socket.readAll());
            socket.write(up);
            socket.shutdownOutput();
            assertArrayEquals(up, received.get(20, TimeUnit.SECONDS));
            socket.await(socket::isFinAcknowledged, "the FIN's acknowledgment");
            assertTrue(!socket.isReset());
        }
    }

    @Test
    void aHostThatDoesNotReadClosesTheGuestsWindowAndOpensItAgain() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        byte[] data = data(16 << 20, 3);
        var received = new CompletableFuture<byte[]>();
        try (HostServer server = new HostServer(client -> {
            read.await();
            received.complete(client.getInputStream().readAllBytes());
        }); GuestTcp guest = new GuestTcp(Cable.HOST_LOOPBACK)) {
            GuestSocket socket = guest.connect(server.port());
            socket.write(data);
            socket.shutdownOutput();
            socket.await(() -> socket.peerWindow() == 0, "a closed window");
            assertTrue(socket.unacknowledged() > 1 << 20, socket.toString());
            read.countDown();
            assertArrayEquals(data, received.get(60, TimeUnit.SECONDS));
        }
    }

    @Test
    void aGuestThatDoesNotReadStopsTheHostAndGetsTheRestLater() throws Exception {
        byte[] data = data(16 << 20, 4);
        var written = new AtomicInteger();
        try (HostServer server = new HostServer(client -> {
            for (int at = 0; at < data.length; at += 1 << 16) {
                client.getOutputStream().write(data, at, 1 << 16);
                written.addAndGet(1 << 16);
            }
            client.shutdownOutput();
            client.getInputStream().readAllBytes();
        }); GuestTcp guest = new GuestTcp(Cable.HOST_LOOPBACK)) {
            GuestSocket socket = guest.connect(server.port());
            socket.setReading(false);
            socket.await(() -> socket.unread() >= 190_000, "a full window");
            int before;
            do {
                before = written.get();
                Thread.sleep(400);
            } while (written.get() != before);
            assertTrue(before < data.length, "the host wrote all");
            int filled = socket.unread();
            assertTrue(filled <= 200_000, filled + " bytes in a window of 200,000");
            socket.setReading(true);
            assertArrayEquals(data, socket.readAll());
        }
    }

    @Test
    void aLostWindowUpdateIsMadeUpForByProbes() throws Exception {
        byte[] data = data(1 << 20, 5);
        try (HostServer server = new HostServer(client -> {
            client.getOutputStream().write(data);
            client.shutdownOutput();
            client.getInputStream().readAllBytes();
        }); GuestTcp guest = new GuestTcp(Cable.HOST_LOOPBACK, new Weather(5, 40, 0, 0), Weather.fine())) {
            GuestSocket socket = guest.connect(server.port());
            for (int i = 0; i < 5; i++) {
                socket.setReading(false);
                Thread.sleep(50);
                socket.setReading(true);
            }
            assertArrayEquals(data, socket.readAll());
        }
    }

    @Test
    void aClientOfAForwardReachesTheGuestInBadWeatherToo() throws Exception {
        byte[] data = data(500_000, 6);
        try (GuestTcp guest = new GuestTcp(Map.of("forward", "tcp:0:80", "restrict", "on"), new Weather(9, 2, 2, 2), new Weather(10, 2, 2, 2))) {
            BlockingQueue<GuestSocket> accepted = guest.listen(80);
            try (Socket client = new Socket()) {
                client.connect(guest.network().listening().getFirst());
                FutureTask<Void> writer = new FutureTask<>(() -> {
                    client.getOutputStream().write(data);
                    client.shutdownOutput();
                    return null;
                });
                new Thread(writer).start();
                GuestSocket socket = accepted.poll(20, TimeUnit.SECONDS);
                assertArrayEquals(data, socket.readAll());
                socket.write(data);
                socket.shutdownOutput();
                assertArrayEquals(data, client.getInputStream().readAllBytes());
                writer.get();
            }
        }
    }
}
