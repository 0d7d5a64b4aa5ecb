package tidemark.network.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A machine that is restored beside its original wants the same ports. */
class HostPortTest {
    private static final long RETRY = TimeUnit.SECONDS.toNanos(1) + 1;

    @Test
    void aForwardWhosePortIsTakenWaitsAndTakesItOverWhenItIsFree() throws Exception {
        int tcp;
        int udp;
        try (DatagramSocket any = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
            udp = any.getLocalPort();
        }
        HandTurned original = new HandTurned(Map.of("forward", "tcp:0:80+udp:" + udp + ":53"));
        tcp = original.network().listening().getFirst().getPort();
        try (HandTurned restored = new HandTurned(Map.of("forward", "tcp:" + tcp + ":80+udp:" + udp + ":53"))) {
            restored.pass(RETRY);
            assertNull(restored.network().listening().get(0));
            assertNull(restored.network().listening().get(1));
            original.close();
            restored.pass(RETRY);
            assertEquals(new InetSocketAddress("127.0.0.1", tcp), restored.network().listening().get(0));
            assertEquals(new InetSocketAddress("127.0.0.1", udp), restored.network().listening().get(1));
        }
    }
}
