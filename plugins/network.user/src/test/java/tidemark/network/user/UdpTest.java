package tidemark.network.user;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class UdpTest {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

    private DatagramSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
        server.setSoTimeout(20_000);
    }

    @AfterEach
    void close() {
        server.close();
    }

    private DatagramPacket received() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65_507], 65_507);
        server.receive(packet);
        return packet;
    }

    private static byte[] data(DatagramPacket packet) {
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    private void answer(DatagramPacket request, byte[] answer) throws IOException {
        server.send(new DatagramPacket(answer, answer.length, request.getSocketAddress()));
    }

    private byte[] toServer(int sourcePort, byte[] data) {
        return Packet.udp(Packet.GUEST, sourcePort, Packet.GATEWAY, server.getLocalPort(), data);
    }

    @Test
    void theHostsLoopbackIsReachedOnlyIfAnOptionSaysSo() throws IOException {
        server.setSoTimeout(200);
        try (Cable cable = new Cable(Map.of())) {
            Packet message = cable.answers(toServer(1234, HELLO)).getFirst();
            assertTrue(message.isIcmp(3));
            assertEquals(13, message.icmpCode());
            assertThrows(SocketTimeoutException.class, this::received);
        }
    }

    @Test
    void theHostsLoopbackIsTheGatewayAndItsAnswersComeFromThere() throws IOException {
        try (Cable cable = new Cable(Cable.HOST_LOOPBACK)) {
            cable.send(toServer(1234, HELLO));
            DatagramPacket request = received();
            assertArrayEquals(HELLO, data(request));
            answer(request, new byte[] {1, 2, 3});
            Packet reply = cable.await(packet -> packet.isIp(17));
            assertEquals(Packet.GATEWAY, reply.source());
            assertEquals(server.getLocalPort(), reply.sourcePort());
            assertEquals(1234, reply.destinationPort());
            assertArrayEquals(new byte[] {1, 2, 3}, reply.udpData());
        }
    }

    @Test
    void emptyDatagramsAndThoseLongerThanAFrameGoBothWays() throws IOException {
        try (Cable cable = new Cable(Cable.HOST_LOOPBACK)) {
            DatagramPacket request = null;
            for (int i = 0; i < 200; i++) { // an answer that comes at once is not lost
                cable.send(toServer(1234, new byte[0]));
                request = received();
                assertEquals(0, request.getLength());
                answer(request, new byte[0]);
                assertEquals(0, cable.await(packet -> packet.isIp(17)).udpData().length);
            }

            byte[] big = new byte[9000];
            new Random(1).nextBytes(big);
            byte[] payload = Packet.udpPayload(Packet.GUEST, 1234, Packet.GATEWAY, server.getLocalPort(), big);
            for (int from = 0; from < payload.length; from += 1400) {
                int to = Math.min(payload.length, from + 1400);
                cable.send(Packet.fragment(Packet.GUEST, Packet.GATEWAY, 17, 7, from, to < payload.length, 64, Arrays.copyOfRange(payload, from, to)));
            }
            assertArrayEquals(big, data(received()));
            answer(request, big);
            byte[] whole = new byte[9008];
            for (int bytes = 0; bytes < whole.length;) {
                Packet fragment = cable.await(packet -> packet.isIp(17));
                System.arraycopy(fragment.payload(), 0, whole, fragment.fragmentOffset(), fragment.payload().length);
                bytes += fragment.payload().length;
            }
            assertArrayEquals(big, Arrays.copyOfRange(whole, 8, whole.length));
        }
    }

    @Test
    void eachFlowOfTheGuestsHasAnAddressOfItsOwnThatLasts() throws IOException {
        try (Cable cable = new Cable(Cable.HOST_LOOPBACK)) {
            cable.send(toServer(1, HELLO));
            int first = received().getPort();
            cable.send(toServer(2, HELLO));
            assertTrue(received().getPort() != first);
            cable.send(toServer(1, HELLO));
            assertEquals(first, received().getPort());
        }
    }

    @Test
    void onlyTheOtherEndOfAFlowReachesTheGuest() throws IOException {
        try (Cable cable = new Cable(Cable.HOST_LOOPBACK); DatagramSocket stranger = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
            cable.send(toServer(1, HELLO));
            DatagramPacket request = received();
            stranger.send(new DatagramPacket(HELLO, HELLO.length, request.getSocketAddress()));
            answer(request, new byte[] {9});
            assertArrayEquals(new byte[] {9}, cable.await(packet -> packet.isIp(17)).udpData());
        }
    }

    @Test
    void aPortWhereNobodyListensIsReportedWithTheDatagramQuoted() {
        server.close();
        try (Cable cable = new Cable(Cable.HOST_LOOPBACK)) {
            byte[] lost = Packet.udp(Packet.GUEST, 5, Packet.GATEWAY, server.getLocalPort() == -1 ? 9 : server.getLocalPort(), HELLO);
            cable.send(lost);
            Packet message = cable.await(packet -> packet.isIcmp(3));
            assertEquals(3, message.icmpCode());
            assertArrayEquals(Arrays.copyOfRange(lost, 14, 42), Arrays.copyOfRange(message.frame(), 42, 70));
        }
    }

    @Test
    void addressesOfTheSubnetWhereNobodyIsAreUnreachable() {
        try (Cable cable = new Cable(Cable.HOST_LOOPBACK)) {
            assertEquals(1, cable.answers(Packet.udp(Packet.GUEST, 5, 0x0A00_0250, 9, HELLO)).getFirst().icmpCode());
            assertEquals(3, cable.answers(Packet.udp(Packet.GUEST, 5, Packet.DNS, 123, HELLO)).getFirst().icmpCode());
        }
    }

    @Test
    void damagedDatagramsAreDroppedAndThoseWithoutChecksumAreNot() throws IOException {
        try (Cable cable = new Cable(Cable.HOST_LOOPBACK)) {
            byte[] payload = Packet.udpPayload(Packet.GUEST, 1, Packet.GATEWAY, server.getLocalPort(), HELLO);
            payload[8] ^= 1;
            cable.send(Packet.ip(Packet.GUEST, Packet.GATEWAY, 17, payload));
            payload[6] = 0;
            payload[7] = 0;
            cable.send(Packet.ip(Packet.GUEST, Packet.GATEWAY, 17, payload));
            assertEquals('h' ^ 1, data(received())[0]);
        }
    }

    @Test
    void queriesToTheNameServerGoToTheHostsResolver() throws IOException {
        try (Cable cable = new Cable(Map.of("dns", "127.0.0.1:" + server.getLocalPort()))) {
            cable.send(Packet.udp(Packet.GUEST, 4321, Packet.DNS, 53, HELLO));
            answer(received(), new byte[] {4, 2});
            Packet reply = cable.await(packet -> packet.isIp(17));
            assertEquals(Packet.DNS, reply.source());
            assertEquals(53, reply.sourcePort());
            assertArrayEquals(new byte[] {4, 2}, reply.udpData());
        }
    }

    @Test
    void aRestrictedGuestReachesNobodyAndIsToldSo() throws IOException {
        try (Cable cable = new Cable(Map.of("restrict", "on", "dns", "127.0.0.1:" + server.getLocalPort()))) {
            assertEquals(13, cable.answers(toServer(1, HELLO)).getFirst().icmpCode());
            assertEquals(13, cable.answers(Packet.udp(Packet.GUEST, 1, Packet.DNS, 53, HELLO)).getFirst().icmpCode());
            assertEquals(13, cable.answers(Packet.udp(Packet.GUEST, 1, 0xC000_0201, 9, HELLO)).getFirst().icmpCode());
        }
    }

    @Test
    void aGuestThatTalksToAThousandPortsHoldsNoMoreThanTheLimitOfSocketsAndTheNewestFlowLives() throws IOException {
        try (Cable cable = new Cable(Cable.HOST_LOOPBACK)) {
            long before = openSockets();
            DatagramPacket last = null;
            for (int port = 1; port <= 1000; port++) {
                cable.send(toServer(port, HELLO));
                last = received();
            }
            long end = System.nanoTime() + 10_000_000_000L;
            while (openSockets() - before >= UdpNat.MOST + 10 && System.nanoTime() < end) {
                Thread.onSpinWait(); // the last ones are given back a little later
            }
            long more = openSockets() - before;
            assertTrue(more < UdpNat.MOST + 10, more + " sockets more");
            answer(last, new byte[] {1});
            assertEquals(1000, cable.await(packet -> packet.isIp(17)).destinationPort());
        }
    }

    private static long openSockets() throws IOException {
        try (var files = java.nio.file.Files.list(java.nio.file.Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    @Test
    void aFlowEndsAfterItsTimeOfSilence() throws Exception {
        HandTurned network = new HandTurned(Map.of("host-loopback", "on", "dns", "127.0.0.1:" + server.getLocalPort()));
        try (network) {
            network.input(toServer(7, HELLO));
            network.input(Packet.udp(Packet.GUEST, 8, Packet.DNS, 53, HELLO));
            int flow = received().getPort();
            int query = received().getPort();
            network.pass(UdpNat.DNS_TIMEOUT_NANOS - TimeUnit.SECONDS.toNanos(1));
            network.input(Packet.udp(Packet.GUEST, 8, Packet.DNS, 53, HELLO));
            assertEquals(query, received().getPort());
            network.pass(UdpNat.DNS_TIMEOUT_NANOS + TimeUnit.SECONDS.toNanos(1));
            network.input(Packet.udp(Packet.GUEST, 8, Packet.DNS, 53, HELLO));
            assertTrue(received().getPort() != query);
            network.input(toServer(7, HELLO));
            assertEquals(flow, received().getPort());
            network.pass(UdpNat.TIMEOUT_NANOS + TimeUnit.SECONDS.toNanos(1));
            network.input(toServer(7, HELLO));
            assertTrue(received().getPort() != flow);
        }
    }

    @Test
    void clientsOfAForwardTalkToTheGuestAndGetItsAnswers() throws IOException {
        try (Cable cable = new Cable(Map.of("forward", "udp:0:7777", "restrict", "on")); DatagramSocket second = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
            InetSocketAddress host = cable.network().listening().getFirst();
            assertTrue(host.getAddress().isLoopbackAddress());
            server.send(new DatagramPacket(HELLO, HELLO.length, host));
            Packet first = cable.await(packet -> packet.isIp(17));
            assertEquals(Packet.GATEWAY, first.source());
            assertEquals(7777, first.destinationPort());
            assertArrayEquals(HELLO, first.udpData());
            second.send(new DatagramPacket(HELLO, HELLO.length, host));
            Packet other = cable.await(packet -> packet.isIp(17));
            assertTrue(other.sourcePort() != first.sourcePort());

            cable.send(Packet.udp(Packet.GUEST, 7777, Packet.GATEWAY, first.sourcePort(), new byte[] {1}));
            DatagramPacket answer = received();
            assertArrayEquals(new byte[] {1}, data(answer));
            assertEquals(host, answer.getSocketAddress());
        }
    }
}
