package tidemark.network.user;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections segment by segment: how they begin, what is answered, how they end. */
@Timeout(60)
class TcpTest {
    private static final int PORT = 1025;
    private static final int ISS = 0x7FFF_FFFF;
    private static final byte[] NONE = {};
    private static final byte[] SEGMENT_1000 = {2, 4, 3, (byte) 232};
    private static final byte[] SCALED = {2, 4, 5, (byte) 180, 1, 3, 3, 7};
    private static final Predicate<Packet> TCP = packet -> packet.isIp(6);

    private static byte[] syn(int port) {
        return Packet.tcp(PORT, Packet.GATEWAY, port, ISS, 0, Packet.SYN, 60_000, SEGMENT_1000, NONE);
    }

    /** A segment with the next sequence number that acknowledges all of {@code last}. */
    private static byte[] next(Packet last, int sequence, int flags, byte[] data) {
        int length = last.tcpData().length + (last.has(Packet.SYN) ? 1 : 0) + (last.has(Packet.FIN) ? 1 : 0);
        return Packet.tcp(PORT, Packet.GATEWAY, last.sourcePort(), sequence, last.sequence() + length, flags, 60_000, NONE, data);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static Packet establish(Cable cable, int port) {
        cable.send(syn(port));
        Packet synAck = cable.await(TCP);
        assertTrue(synAck.has(Packet.SYN | Packet.ACK), synAck.toString());
        cable.send(next(synAck, ISS + 1, Packet.ACK, NONE));
        return synAck;
    }

    private static int freePort() throws IOException {
        try (ServerSocket server = new ServerSocket(0)) {
            return server.getLocalPort();
        }
    }

    // Opening

    @Test
    void theGuestIsAnsweredWithSegmentSizeAndScaleOnlyIfItAskedForIt() throws IOException {
        try (HostServer server = HostServer.echo(); Cable cable = new Cable(Cable.HOST_LOOPBACK)) {
            Packet synAck = establish(cable, server.port());
            assertEquals(ISS + 1, synAck.acknowledgment());
            assertArrayEquals(new byte[] {2, 4, 5, (byte) 180}, synAck.tcpOptions());
            cable.send(Packet.tcp(PORT + 1, Packet.GATEWAY, server.port(), ISS, 0, Packet.SYN, 60_000, SCALED, NONE));
            Packet scaled = cable.await(TCP);
            assertArrayEquals(new byte[] {2, 4, 5, (byte) 180, 1, 3, 3, 2}, scaled.tcpOptions());
        }
    }

    @Test
    void segmentsAreNoLongerThanTheGuestAsksFor() throws IOException {
        try (HostServer server = HostServer.echo(); Cable cable = new Cable(Cable.HOST_LOOPBACK)) {
            Packet synAck = establish(cable, server.port());
            cable.send(next(synAck, ISS + 1, Packet.ACK, new byte[1400]));
            cable.send(next(synAck, ISS + 1401, Packet.ACK, new byte[1400]));
            int received = 0;
            while (received < 2800) {
                int length = cable.await(TCP).tcpData().length;
                assertTrue(length <= 1000, length + " bytes");
                received += length;
            }
        }
    }

    @Test
    void aPortWhereNobodyListensIsRefused() throws IOException {
        int port = freePort();
        try (Cable cable = new Cable(Cable.HOST_LOOPBACK)) {
            cable.send(syn(port));
            Packet reset = cable.await(TCP);
            assertTrue(reset.has(Packet.RST | Packet.ACK));
            assertEquals(ISS + 1, reset.acknowledgment());
            assertEquals(0, reset.sequence());
        }
    }

    @Test
    void theNameServerIsReachedByTcpToo() throws IOException {
        try (HostServer names = HostServer.echo(); Cable cable = new Cable(Map.of("dns", "127.0.0.1:" + names.port()))) {
            cable.send(Packet.tcp(PORT, Packet.DNS, 53, ISS, 0, Packet.SYN, 60_000, NONE, NONE));
            Packet synAck = cable.await(TCP);
            assertTrue(synAck.has(Packet.SYN | Packet.ACK));
            assertEquals(Packet.DNS, synAck.source());
        }
    }

    @Test
    void whatTheHostCannotReachIsUnreachable() {
        try (Cable cable = new Cable(Cable.HOST_LOOPBACK)) {
            byte[] syn = Packet.tcp(PORT, 0x0A00_0263, 80, ISS, 0, Packet.SYN, 60_000, NONE, NONE);
            Packet message = cable.answers(syn).getFirst();
            assertTrue(message.isIcmp(3));
            assertEquals(1, message.icmpCode());
        }
    }

    @Test
    void aRestrictedGuestReachesNobody() throws IOException {
        try (HostServer server = HostServer.echo(); Cable cable = new Cable(Map.of("restrict", "on"))) {
            Packet message = cable.answers(syn(server.port())).getFirst();
            assertTrue(message.isIcmp(3));
            assertEquals(13, message.icmpCode());
        }
    }

    @Test
    void theHostsLoopbackIsReachedOnlyIfAnOptionSaysSo() throws IOException {
        try (HostServer server = HostServer.echo(); Cable cable = new Cable(Map.of())) {
            Packet message = cable.answers(syn(server.port())).getFirst();
            assertTrue(message.isIcmp(3));
            assertEquals(13, message.icmpCode());
            assertEquals(0, cable.network().connections());
        }
    }

    @Test
    void aSynThatIsRepeatedMakesOneConnection() throws IOException {
        try (HostServer server = HostServer.echo(); HandTurned network = new HandTurned(Cable.HOST_LOOPBACK)) {
            for (int i = 0; i < 5; i++) {
                network.input(syn(server.port()));
            }
            assertEquals(1, network.network().connections());
        }
    }

    @Test
    void connectionsThatAnotherNetworkHadAreReset() {
        try (Cable cable = new Cable(Cable.HOST_LOOPBACK)) {
            Packet reset = cable.answers(Packet.tcp(PORT, 0xC000_0201, 443, 1000, 5555, Packet.ACK, 100, NONE, bytes("GET"))).getFirst();
            assertTrue(reset.has(Packet.RST));
            assertEquals(5555, reset.sequence());
            assertEquals(0xC000_0201, reset.source());
            assertEquals(List.of(), cable.answers(Packet.tcp(PORT, 0xC000_0201, 443, 1000, 5555, Packet.RST, 100, NONE, NONE)));
        }
    }

    @Test
    void oneConnectionMoreThanTheLimitIsRefusedAndPlaceIsMadeByClosing() throws IOException {
        try (HostServer server = HostServer.echo(); Cable cable = new Cable(Cable.HOST_LOOPBACK)) {
            for (int i = 0; i <= Tcp.MOST; i++) {
                cable.send(Packet.tcp(2000 + i, Packet.GATEWAY, server.port(), ISS, 0, Packet.SYN, 60_000, NONE, NONE));
            }
            Packet refused = cable.await(packet -> packet.isIp(6) && packet.has(Packet.RST));
            assertEquals(2000 + Tcp.MOST, refused.destinationPort());
            cable.send(Packet.tcp(2000, Packet.GATEWAY, server.port(), ISS + 1, 0, Packet.RST, 0, NONE, NONE));
            cable.send(syn(server.port()));
            Packet accepted = cable.await(packet -> packet.isIp(6) && packet.destinationPort() == PORT);
            assertTrue(accepted.has(Packet.SYN | Packet.ACK));
        }
    }

    @Test
    void damagedSegmentsAreDropped() throws IOException {
        try (HostServer server = HostServer.echo(); Cable cable = new Cable(Cable.HOST_LOOPBACK)) {
            byte[] damaged = syn(server.port());
            damaged[damaged.length - 1] ^= 1;
            byte[] lies = syn(server.port());
            lies[46] = 0x40;
            cable.answers(damaged, lies);
            assertEquals(0, cable.network().connections());
        }
    }

    // Between

    @Test
    void earlySegmentsAreAskedForAgainAndKept() throws IOException {
        try (HostServer server = HostServer.echo(); Cable cable = new Cable(Cable.HOST_LOOPBACK)) {
            Packet synAck = establish(cable, server.port());
            cable.send(next(synAck, ISS + 3, Packet.ACK, bytes("cd")));
            assertEquals(ISS + 1, cable.await(TCP).acknowledgment());
            cable.send(next(synAck, ISS + 7, Packet.ACK, bytes("gh")));
            assertEquals(ISS + 1, cable.await(TCP).acknowledgment());
            cable.send(next(synAck, ISS + 1, Packet.ACK, bytes("abcdef")));
            assertEquals(ISS + 9, cable.await(TCP).acknowledgment());
            assertEquals("abcdefgh", new String(cable.await(packet -> packet.isIp(6) && packet.tcpData().length > 0).tcpData(), StandardCharsets.US_ASCII));
        }
    }

    @Test
    void segmentsOutOfTheWindowAreAnsweredSeldomAndDoNothing() throws IOException {
        try (HostServer server = HostServer.echo(); Cable cable = new Cable(Cable.HOST_LOOPBACK)) {
            Packet synAck = establish(cable, server.port());
            byte[] old = next(synAck, ISS - 100_000, Packet.ACK, bytes("old"));
            byte[][] many = new byte[100][];
            java.util.Arrays.fill(many, old);
            List<Packet> answers = cable.answers(many);
            assertEquals(1, answers.size(), "one challenge, not a war of acknowledgments");
            assertEquals(ISS + 1, answers.getFirst().acknowledgment());
        }
    }

    @Test
    void acknowledgmentsOfWhatWasNeverSentAreAnsweredAndIgnored() throws IOException {
        try (HostServer server = HostServer.echo(); Cable cable = new Cable(Cable.HOST_LOOPBACK)) {
            Packet synAck = establish(cable, server.port());
            byte[] ahead = Packet.tcp(PORT, Packet.GATEWAY, server.port(), ISS + 1, synAck.sequence() + 1000, Packet.ACK, 60_000, NONE, bytes("x"));
            Packet answer = cable.answers(ahead).getFirst();
            assertEquals(ISS + 1, answer.acknowledgment());
            assertEquals(synAck.sequence() + 1, answer.sequence());
        }
    }

    @Test
    void lostSegmentsAreSentAgainLaterAndLater() throws Exception {
        try (HostServer server = new HostServer(client -> {
            client.getOutputStream().write(bytes("hello"));
            client.getInputStream().readAllBytes();
        }); HandTurned network = new HandTurned(Cable.HOST_LOOPBACK)) {
            Packet synAck = established(network, server.port());
            Packet hello = awaited(network, packet -> packet.tcpData().length > 0);
            long[] waits = {0, 0, 0, 0, 0, 0};
            for (int i = 0; i < waits.length; i++) {
                while (network.received().stream().noneMatch(packet -> packet.isIp(6) && packet.sequence() == hello.sequence())) {
                    network.pass(TimeUnit.MILLISECONDS.toNanos(10));
                    waits[i] += 10;
                }
            }
            assertTrue(waits[0] >= 190 && waits[0] <= 1010, java.util.Arrays.toString(waits));
            for (int i = 1; i < waits.length; i++) {
                long expected = Math.min(4000, 2 * waits[i - 1]);
                assertTrue(Math.abs(waits[i] - expected) <= 20, java.util.Arrays.toString(waits));
            }
            network.input(next(hello, ISS + 1, Packet.ACK, NONE));
            network.pass(TimeUnit.SECONDS.toNanos(10));
            assertFalse(network.received().stream().anyMatch(packet -> packet.isIp(6) && packet.tcpData().length > 0));
            assertEquals(synAck.sequence() + 1, hello.sequence());
        }
    }

    @Test
    void threeDuplicatesBringTheLostSegmentAtOnce() throws Exception {
        try (HostServer server = new HostServer(client -> {
            client.getOutputStream().write(new byte[8000]);
            client.getInputStream().readAllBytes();
        }); HandTurned network = new HandTurned(Cable.HOST_LOOPBACK)) {
            Packet synAck = established(network, server.port());
            Packet first = awaited(network, packet -> packet.tcpData().length > 0);
            assertEquals(synAck.sequence() + 1, first.sequence());
            byte[] duplicate = next(synAck, ISS + 1, Packet.ACK, NONE);
            network.input(duplicate);
            network.input(duplicate);
            assertTrue(network.received().stream().noneMatch(packet -> packet.isIp(6) && packet.sequence() == first.sequence()));
            network.input(duplicate);
            assertTrue(network.received().stream().anyMatch(packet -> packet.isIp(6) && packet.sequence() == first.sequence()));
        }
    }

    private static Packet established(HandTurned network, int port) throws InterruptedException {
        network.input(syn(port));
        Packet synAck = awaited(network, packet -> packet.has(Packet.SYN));
        network.input(next(synAck, ISS + 1, Packet.ACK, NONE));
        return synAck;
    }

    /** Turns the network, whose time stands, until the host's sockets have brought a segment of that kind. */
    private static Packet awaited(HandTurned network, Predicate<Packet> kind) throws InterruptedException {
        for (int i = 0; i < 2000; i++) {
            for (Packet packet : network.received()) {
                if (packet.isIp(6) && kind.test(packet)) {
                    return packet;
                }
            }
            network.turn();
            Thread.sleep(2);
        }
        throw new AssertionError("No such segment");
    }

    @Test
    void aGuestThatIsSilentIsAskedNowAndThenAndMaySayThatItForgot() throws Exception {
        CompletableFuture<Integer> end = new CompletableFuture<>();
        try (HostServer server = new HostServer(client -> {
            try {
                end.complete(client.getInputStream().read());
            } catch (IOException e) {
                end.complete(-2);
            }
        }); HandTurned network = new HandTurned(Cable.HOST_LOOPBACK)) {
            Packet synAck = established(network, server.port());
            for (int hours = 0; hours < 1; hours++) {
                for (int minutes = 0; minutes < 60; minutes += 2) {
                    network.received();
                    network.pass(Sender.KEEP_ALIVE_NANOS + 1);
                    List<Packet> probe = network.received().stream().filter(TCP).toList();
                    assertEquals(1, probe.size());
                    assertEquals(synAck.sequence(), probe.getFirst().sequence());
                }
            }
            assertEquals(1, network.network().connections(), "a guest that is paused for an hour keeps its connections");
            network.input(Packet.tcp(PORT, Packet.GATEWAY, server.port(), ISS + 1, 0, Packet.RST, 0, NONE, NONE));
            assertEquals(0, network.network().connections());
            network.turn();
            assertEquals(-2, end.get(10, TimeUnit.SECONDS), "the host is reset");
        }
    }

    @Test
    void aGuestThatNeverAnswersIsGivenUp() throws Exception {
        try (HostServer server = HostServer.echo(); HandTurned network = new HandTurned(Cable.HOST_LOOPBACK)) {
            network.input(syn(server.port()));
            awaited(network, packet -> packet.has(Packet.SYN));
            for (int seconds = 0; seconds < 60; seconds++) {
                network.pass(TimeUnit.SECONDS.toNanos(1));
            }
            assertEquals(0, network.network().connections());
        }
        try (HostServer server = HostServer.echo(); HandTurned network = new HandTurned(Cable.HOST_LOOPBACK)) {
            established(network, server.port());
            for (int minutes = 0; minutes < 130; minutes++) {
                network.pass(TimeUnit.MINUTES.toNanos(1));
            }
            assertEquals(0, network.network().connections());
        }
    }

    // Ending

    @Test
    void aGuestsResetReachesTheHost() throws Exception {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        try (HostServer server = new HostServer(client -> end.complete(assertThrows(IOException.class, () -> client.getInputStream().read())));
                GuestTcp guest = new GuestTcp(Cable.HOST_LOOPBACK)) {
            GuestSocket socket = guest.connect(server.port());
            socket.sendReset();
            assertTrue(end.get(10, TimeUnit.SECONDS).getMessage().contains("reset"));
        }
    }

    @Test
    void aHostsResetReachesTheGuest() throws IOException {
        try (HostServer server = new HostServer(client -> {
            client.setSoLinger(true, 0);
            client.close();
        }); GuestTcp guest = new GuestTcp(Cable.HOST_LOOPBACK)) {
            GuestSocket socket = guest.connect(server.port());
            socket.await(socket::isReset, "a reset");
        }
    }

    @Test
    void aResetOfAnotherSequenceNumberIsChallengedNotObeyed() throws IOException {
        try (HostServer server = HostServer.echo(); Cable cable = new Cable(Cable.HOST_LOOPBACK)) {
            establish(cable, server.port());
            byte[] reset = Packet.tcp(PORT, Packet.GATEWAY, server.port(), ISS + 5, 0, Packet.RST, 0, NONE, NONE);
            Packet challenge = cable.answers(reset).getFirst();
            assertTrue(challenge.has(Packet.ACK) && !challenge.has(Packet.RST));
            assertEquals(1, cable.network().connections());
        }
    }

    @Test
    void aGuestThatWasRebootedGetsItsNewConnectionOnTheOldPort() throws IOException {
        try (HostServer server = HostServer.echo(); Cable cable = new Cable(Cable.HOST_LOOPBACK)) {
            establish(cable, server.port());
            byte[] syn = Packet.tcp(PORT, Packet.GATEWAY, server.port(), 77, 0, Packet.SYN, 60_000, NONE, NONE);
            Packet challenge = cable.answers(syn).getFirst();
            cable.send(Packet.tcp(PORT, Packet.GATEWAY, server.port(), challenge.acknowledgment(), 0, Packet.RST, 0, NONE, NONE));
            cable.send(syn);
            Packet synAck = cable.await(packet -> packet.isIp(6) && packet.has(Packet.SYN));
            assertEquals(78, synAck.acknowledgment());
        }
    }

    @Test
    void aConnectionThatBothSidesFinishedIsForgottenAndItsPortUsedAgainAtOnce() throws Exception {
        try (HostServer server = new HostServer(Socket::close); HandTurned network = new HandTurned(Cable.HOST_LOOPBACK)) {
            established(network, server.port());
            Packet fin = awaited(network, packet -> packet.has(Packet.FIN));
            network.input(next(fin, ISS + 1, Packet.ACK | Packet.FIN, NONE));
            assertEquals(ISS + 2, awaited(network, packet -> packet.has(Packet.ACK)).acknowledgment());
            assertEquals(1, network.network().connections(), "it waits for old segments");
            network.input(next(fin, ISS + 1, Packet.ACK | Packet.FIN, NONE));
            assertEquals(ISS + 2, awaited(network, packet -> packet.has(Packet.ACK)).acknowledgment(), "the acknowledgment was lost");
            network.input(Packet.tcp(PORT, Packet.GATEWAY, server.port(), ISS + 5000, 0, Packet.SYN, 60_000, NONE, NONE));
            assertEquals(ISS + 5001, awaited(network, packet -> packet.has(Packet.SYN)).acknowledgment(), "a new connection takes its place");
            network.input(Packet.tcp(PORT, Packet.GATEWAY, server.port(), ISS + 5001, 0, Packet.RST, 60_000, NONE, NONE));
            assertEquals(0, network.network().connections());
        }
        try (HostServer server = new HostServer(Socket::close); HandTurned network = new HandTurned(Cable.HOST_LOOPBACK)) {
            established(network, server.port());
            Packet fin = awaited(network, packet -> packet.has(Packet.FIN));
            network.input(next(fin, ISS + 1, Packet.ACK | Packet.FIN, NONE));
            network.pass(Connection.TIME_WAIT_NANOS + 1);
            assertEquals(0, network.network().connections());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatAGuestSaidLastReachesASlowHostThoughTheConnectionIsOver(boolean hostFinishesFirst) throws Exception {
        CountDownLatch filled = new CountDownLatch(1);
        CountDownLatch read = new CountDownLatch(1);
        CompletableFuture<Integer> received = new CompletableFuture<>();
        try (HostServer server = new HostServer(client -> {
            filled.await();
            client.shutdownOutput();
            read.await();
            received.complete(client.getInputStream().readAllBytes().length);
        }); HandTurned network = new HandTurned(Cable.HOST_LOOPBACK)) {
            Packet last = established(network, server.port());
            int end = fill(network, last);
            Packet fin = null;
            if (hostFinishesFirst) {
                filled.countDown();
                fin = awaited(network, packet -> packet.has(Packet.FIN));
            }
            network.input(next(fin == null ? last : fin, end, Packet.FIN | Packet.ACK, NONE));
            assertEquals(end + 1, awaited(network, packet -> true).acknowledgment());
            if (!hostFinishesFirst) {
                filled.countDown();
                network.input(next(awaited(network, packet -> packet.has(Packet.FIN)), end + 1, Packet.ACK, NONE));
            }
            network.pass(Connection.TIME_WAIT_NANOS + 1);
            read.countDown();
            while (!received.isDone()) {
                network.turn();
            }
            assertEquals(end - (ISS + 1), received.get());
            assertEquals(0, network.network().connections());
        }
    }

    /** Sends until no buffer between guest and host has room. @return the next sequence number */
    private static int fill(HandTurned network, Packet synAck) throws InterruptedException {
        int next = ISS + 1;
        int edge = next + synAck.window();
        for (int idle = 0; idle < 6; idle++) { // the host's kernel takes some more now and then
            while (edge - next >= 1000) {
                network.input(next(synAck, next, Packet.ACK, new byte[1000]));
                next += 1000;
                idle = 0;
            }
            Thread.sleep(idle * 10);
            network.turn();
            for (Packet packet : network.received()) {
                edge = packet.isIp(6) ? packet.acknowledgment() + packet.window() : edge;
            }
        }
        return next;
    }

    // Forwards

    @Test
    void aForwardToAPortWhereTheGuestDoesNotListenIsReset() throws IOException {
        try (GuestTcp guest = new GuestTcp(Map.of("forward", "tcp:0:9")); Socket client = new Socket()) {
            client.connect(guest.network().listening().getFirst());
            client.setSoTimeout(10_000);
            assertThrows(java.net.SocketException.class, () -> client.getInputStream().read());
        }
    }

    @Test
    void closingTheNetworkResetsTheHostsPeersAndGivesSocketsAndThreadBack() throws Exception {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        java.net.InetSocketAddress forward;
        try (HostServer server = new HostServer(client -> end.complete(assertThrows(IOException.class, () -> client.getInputStream().read())));
                GuestTcp guest = new GuestTcp(Map.of("host-loopback", "on", "forward", "tcp:0:80"))) {
            guest.connect(server.port());
            forward = guest.network().listening().getFirst();
            guest.network().close();
            assertTrue(end.get(10, TimeUnit.SECONDS).getMessage().contains("reset"));
        }
        while (Thread.getAllStackTraces().keySet().stream().anyMatch(thread -> thread.getName().equals("network-user"))) {
            Thread.sleep(10); // on a busy host close returns before its thread has ended; the test's time limit says no
        }
        try (ServerSocket again = new ServerSocket()) {
            again.bind(forward);
        }
    }
}
