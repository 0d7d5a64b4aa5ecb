package tidemark.bench.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tidemark.api.shell.CommandError;

class PeersTest {
    private static Peers on(Set<String> installed) throws InterruptedException {
        return Peers.find(null, program -> installed.contains(program) ? Optional.of(program + " 7") : Optional.empty(), null,
                List.of("interpreter", "translator"), Duration.ofSeconds(8));
    }

    private static List<String> names(Peers peers) {
        return peers.present().stream().map(Peer::name).toList();
    }

    @Test
    void everyoneWhoseProgramsAreInstalledIsCompared() throws Exception {
        Peers peers = on(Set.of("gcc", "qemu-riscv64", "riscv64-linux-gnu-gcc", "qemu-system-riscv64"));
        assertEquals(List.of("host", "qemu-user", "qemu-system", "interpreter", "translator"), names(peers));
        assertEquals(List.of(), peers.missing());
        assertEquals("qemu-system-riscv64 7", peers.present().get(2).version());
    }

    @Test
    void whatIsNotInstalledIsSaidWithThePackageThatHasIt() throws Exception {
        Peers peers = on(Set.of("qemu-riscv64"));
        assertEquals(List.of("interpreter", "translator"), names(peers));
        assertEquals(List.of("host", "qemu-user", "qemu-system"), peers.missing().stream().map(Peers.Missing::peer).toList());
        assertEquals("riscv64-linux-gnu-gcc is not installed; on Debian: apt-get install gcc-riscv64-linux-gnu", peers.missing().get(1).why());
    }

    @Test
    void someAreChosenByNameAndOthersRefusedWithTheNamesThatThereAre() throws Exception {
        Peers peers = on(Set.of("qemu-system-riscv64"));
        assertEquals(List.of("qemu-system", "translator"), names(peers.only("translator, qemu-system")));
        assertTrue(assertThrows(CommandError.class, () -> peers.only("qemu")).getMessage().contains("qemu-system, interpreter, translator"));
    }
}
