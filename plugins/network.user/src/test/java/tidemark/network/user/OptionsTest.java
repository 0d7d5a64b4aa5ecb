package tidemark.network.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tidemark.api.device.Network;

class OptionsTest {
    @Test
    void forwardsAreListedWithPlusAndListenOnLoopbackUnlessTheySayOtherwise() {
        Options options = Options.parse(Map.of("forward", "tcp:2222:22+udp:127.0.0.2:5353:53+tcp:0:80", "restrict", "on", "dns", "[::1]:5353"));
        assertEquals(List.of("tcp:127.0.0.1:2222:22", "udp:127.0.0.2:5353:53", "tcp:127.0.0.1:0:80"), options.forwards().stream().map(Forward::toString).toList());
        assertTrue(options.restrict());
        assertEquals(5353, options.dns().orElseThrow().getPort());
        assertEquals(new Options(List.of(), false, false, Optional.empty()), Options.parse(Map.of()));
        assertEquals(53, Options.parse(Map.of("dns", "192.0.2.1")).dns().orElseThrow().getPort());
    }

    @ParameterizedTest
    @CsvSource({"forwrad,tcp:1:2,did you mean forward", "hostfwd,x,'there are dns, forward, host-loopback, restrict'", "restrict,yes,on or off", "host-loopback,yes,on or off", "forward,tcp:22,has 2 parts",
        "forward,tpc:1:2,neither tcp nor udp", "forward,tcp:70000:1,not a port", "forward,tcp:1:0,'not a port, 1 to 65535'", "forward,tcp:localhost:1:2,not an IPv4 address",
        "forward,tcp:2222:22+,has 1 parts", "forward,tcp:2222:22+tcp:2222:23,given twice", "dns,example.org,192.0.2.1:5353", "dns,1.2.3.4:99999,write an address",
        "dns,[1.2.3.4,write an address"})
    void whatIsWrongIsRefusedWithTheWayOut(String name, String value, String clause) {
        var refusal = assertThrows(IllegalArgumentException.class, () -> new UserPart().connect(Map.of(name, value), frame -> {}));
        assertTrue(refusal.getMessage().contains(clause), refusal.getMessage());
    }

    @Test
    void moreForwardsThanAGuestNeedsAreRefused() {
        String forwards = String.join("+", java.util.Collections.nCopies(65, "tcp:0:80"));
        var refusal = assertThrows(IllegalArgumentException.class, () -> Options.parse(Map.of("forward", forwards)));
        assertTrue(refusal.getMessage().contains("65 ports, give 64 at most"), refusal.getMessage());
    }

    @Test
    void whatItDoesOnTheHostIsSaidBeforeItDoesIt() {
        assertEquals(List.of("connects to whatever this host's user can", "connects to services on this host's loopback", "listens on tcp 127.0.0.1:2222",
                "listens on udp 0.0.0.0:any free port"), words(Map.of("forward", "tcp:2222:22+udp:0.0.0.0:0:53", "host-loopback", "on")));
        assertEquals(List.of("listens on tcp 127.0.0.1:2222"), words(Map.of("forward", "tcp:2222:22", "restrict", "on", "host-loopback", "on")));
        assertEquals(List.of(), words(Map.of("restrict", "on")));
    }

    private static List<String> words(Map<String, String> options) {
        return new UserPart().hostUses(options).stream().map(use -> use.words()).toList();
    }

    @Test
    void addressesThatAreNotTheHostsAreRefusedAtOnce() {
        for (String forward : List.of("tcp:192.0.2.1:8080:80", "udp:192.0.2.1:8080:80")) {
            var refusal = assertThrows(IllegalArgumentException.class, () -> new UserPart().connect(Map.of("forward", forward), frame -> {}));
            assertTrue(refusal.getMessage().contains("cannot listen there"), refusal.getMessage());
        }
    }

    @Test
    void thePartConnectsWithoutOptions() {
        try (Network network = new UserPart().connect(Map.of(), frame -> {})) {
            network.transmit(new byte[60]);
        }
    }
}
