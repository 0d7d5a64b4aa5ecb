package tidemark.network.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A guest that means ill: whatever it sends, nothing fails, nothing grows without limit, and others are served. */
@Timeout(600)
class HostileTest {
    /** More, by {@code -Dtidemark.network.frames=1000000}. */
    private static final int FRAMES = Integer.getInteger("tidemark.network.frames", 20_000);
    private static final int[] ADDRESSES = {Packet.GATEWAY, Packet.GATEWAY, Packet.GATEWAY, Packet.DNS, 0x0A00_02FF, -1, 0xE000_0001, 0x0A00_0263, 0x7F00_0001, 0};

    /** What a guest may come to send by chance, made worth reading: addresses, lengths and sums are right more often than not. */
    private static final class Attacker {
        private final Random random;
        private final int[] ports;
        private final int[] remembered = new int[64];
        private int echoed;

        Attacker(long seed, int... ports) {
            random = new Random(seed);
            this.ports = ports;
        }

        /** It listens: numbers of the network's come back in its own frames. */
        void hear(Packet packet) {
            if (packet.isIp(6)) {
                echoed += packet.tcpData().length;
                int slot = random.nextInt(32) * 2;
                remembered[slot] = packet.sequence() + packet.tcpData().length + (packet.has(Packet.SYN) ? 1 : 0);
                remembered[slot + 1] = packet.acknowledgment();
            }
        }

        byte[] frame() {
            byte[] frame = switch (random.nextInt(12)) {
                case 0 -> bytes(random.nextInt(1600));
                case 1 -> Packet.arp(random.nextInt(4), Packet.GUEST_STATION, guest(), 0, address());
                case 2 -> Packet.echo(Packet.GATEWAY, random.nextInt(), bytes(random.nextInt(1400)));
                case 3 -> udp(dhcp(), 68, -1, 67);
                case 4 -> udp(bytes(random.nextInt(100)), random.nextInt(65_536), address(), port());
                case 5 -> Packet.fragment(guest(), Packet.GATEWAY, 1 + 16 * random.nextInt(2), random.nextInt(40), random.nextInt(8192) * 8, random.nextBoolean(),
                        64, bytes(random.nextInt(1480)));
                default -> tcp();
            };
            for (int i = random.nextInt(8); i > 6 && frame.length > 0; i--) {
                frame[random.nextInt(frame.length)] = (byte) random.nextInt();
            }
            return frame;
        }

        private byte[] tcp() {
            int slot = random.nextInt(32) * 2;
            int near = random.nextInt(4) == 0 ? random.nextInt(200_000) - 100_000 : 0;
            int flags = random.nextInt(3) == 0 ? random.nextInt(64) : random.nextInt(3) == 0 ? Packet.SYN : Packet.ACK | random.nextInt(2);
            byte[] options = random.nextInt(3) == 0 ? bytes(random.nextInt(11) * 4) : new byte[0];
            return Packet.tcp(1000 + random.nextInt(20), address(), port(), remembered[slot + 1] + near, remembered[slot] + (near & 0xFF), flags,
                    random.nextInt(65_536), options, bytes(random.nextInt(1400)));
        }

        private byte[] dhcp() {
            byte[] message = bytes(240 + random.nextInt(400));
            byte[] head = {1, 1, 6, 0};
            byte[] cookie = {0x63, (byte) 0x82, 0x53, 0x63, 53, 1, (byte) random.nextInt(10)};
            System.arraycopy(head, 0, message, 0, head.length);
            System.arraycopy(cookie, 0, message, 236, Math.min(cookie.length, message.length - 236));
            return message;
        }

        private byte[] udp(byte[] data, int sourcePort, int destination, int destinationPort) {
            return Packet.udp(random.nextInt(4) == 0 ? 0 : guest(), sourcePort, destination, destinationPort, data);
        }

        private int guest() {
            return random.nextInt(5) == 0 ? 0x0A00_0200 | random.nextInt(256) : Packet.GUEST;
        }

        private int address() {
            return ADDRESSES[random.nextInt(ADDRESSES.length)];
        }

        private int port() {
            return ports[random.nextInt(ports.length)];
        }

        private byte[] bytes(int length) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            return bytes;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void noFrameMakesTheNetworkFailOrSayAnythingThatIsNotWellFormed(long seed) throws Exception {
        try (HostServer server = HostServer.echo(); DatagramSocket names = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
                HandTurned network = new HandTurned(Map.of("host-loopback", "on", "dns", "127.0.0.1:" + names.getLocalPort(), "forward", "tcp:0:1000+udp:0:1001"))) {
            Attacker attacker = new Attacker(seed, server.port(), server.port(), names.getLocalPort(), 53, 67, 1);
            Random random = new Random(seed);
            for (int i = 0; i < FRAMES; i++) {
                network.input(attacker.frame());
                network.received().forEach(attacker::hear);
                if (random.nextInt(50) == 0) {
                    network.pass(random.nextLong(TimeUnit.SECONDS.toNanos(2)));
                }
                if (i % 1000 == 0) {
                    try (Socket client = new Socket()) {
                        client.connect(network.network().listening().getFirst());
                        network.turn();
                    }
                }
                assertTrue(network.network().connections() <= Tcp.MOST);
            }
            assertEquals(0, network.network().faults());
            assertTrue(attacker.echoed > 0, "some of it went through connections");
            network.received();
            network.input(Packet.echo(Packet.GATEWAY, 4242, new byte[4]));
            assertTrue(network.received().stream().anyMatch(packet -> packet.isIcmp(0) && packet.at(38, 2) == 4242), "it serves others still");
        }
    }

    @Test
    void aFloodOfConnectionsWithFullBuffersHoldsNoMoreThanItsLimits() throws Exception {
        long before = usedHeap();
        long socketsBefore = openSockets();
        try (HostServer server = new HostServer(client -> Thread.sleep(60_000)); HandTurned network = new HandTurned(Cable.HOST_LOOPBACK)) {
            byte[] options = {2, 4, 5, (byte) 180, 1, 3, 3, 7};
            for (int i = 0; i < 2 * Tcp.MOST; i++) {
                network.input(Packet.tcp(2000 + i, Packet.GATEWAY, server.port(), 0, 0, Packet.SYN, 60_000, options, new byte[0]));
                settle(network);
                for (Packet packet : network.received()) {
                    if (packet.isIp(6) && packet.has(Packet.SYN)) {
                        flood(network, packet);
                    }
                }
            }
            assertEquals(Tcp.MOST, network.network().connections());
            assertTrue(openSockets() - socketsBefore < 3 * Tcp.MOST, "our sockets, and those of the server in this process");
            long megabytes = usedHeap() - before >> 20;
            assertTrue(megabytes < 90, megabytes + " MiB");
        }
    }

    private static void settle(HandTurned network) throws InterruptedException {
        network.turn();
        Thread.sleep(1);
        network.turn();
    }

    /** Early data that will never be due: it has to be kept, as far as the window goes. */
    private static void flood(HandTurned network, Packet synAck) {
        for (int offset = 1; offset < 200_000; offset += 1400) {
            network.input(Packet.tcp(synAck.destinationPort(), Packet.GATEWAY, synAck.sourcePort(), 1 + offset, synAck.sequence() + 1, Packet.ACK, 60_000,
                    new byte[0], new byte[1000]));
        }
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static long openSockets() throws IOException {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    @Test
    void aGuestFasterThanTheNetworkLosesFramesAndNeverWaits() throws IOException {
        try (HandTurned network = new HandTurned(Cable.HOST_LOOPBACK)) {
            byte[] echo = Packet.echo(Packet.GATEWAY, 1, new byte[1000]);
            for (int i = 0; i < 100_000; i++) {
                network.network().transmit(echo);
            }
            for (int i = 0; i < 20; i++) {
                network.turn();
            }
            assertEquals(UserNetwork.QUEUE, network.received().size());
        }
    }

    @Test
    void framesLongerThanTheCableCarriesAreLost() {
        try (Cable cable = new Cable(Cable.HOST_LOOPBACK)) {
            assertEquals(List.of(), cable.answers(Packet.echo(Packet.GATEWAY, 1, new byte[1473]), new byte[1 << 20], new byte[0], new byte[13]));
        }
    }
}
