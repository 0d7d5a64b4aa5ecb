package tidemark.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tidemark.api.checkpoint.RestoreGrants;
import tidemark.api.device.DiskPart.Backing;
import tidemark.api.shell.CommandError;

class RestoreOptionsTest {
    private static RestoreGrants of(List<String> allow, List<String> disks, List<String> networks) throws CommandError {
        return RestoreOptions.of(Path.of("/here"), List.of("none", "user"), allow, disks, networks, List.of("tcp:0:22"));
    }

    private static String error(List<String> disks, List<String> networks) {
        return assertThrows(CommandError.class, () -> of(List.of(), disks, networks)).getMessage();
    }

    @Test
    void filesDisksNetworksAndForwardsAreWhatTheUserSays() throws CommandError {
        assertEquals(new RestoreGrants(List.of(Path.of("/here/a"), Path.of("/b")), Map.of("disk0", new Backing(Path.of("/here/x.img"), ""),
                "disk1", new Backing(Path.of("/y"), "qcow2")), Map.of("", Map.of("backend", "none"), "net1",
                Map.of("backend", "user", "forward", "tcp:1:2+udp:3:4", "host-loopback", "on")), List.of("tcp:0:22")),
                of(List.of("a", "/b"), List.of("disk0=x.img", "disk1=/y,format=qcow2"),
                        List.of("none", "net1=user,forward=tcp:1:2,forward=udp:3:4,host-loopback=on")));
    }

    @Test
    void whatIsWrongIsRefusedWithTheWayOut() {
        assertTrue(error(List.of("x.img"), List.of()).contains("write DEVICE=FILE"));
        assertTrue(error(List.of(), List.of("usr")).contains("did you mean user"));
        assertTrue(error(List.of(), List.of("user,restrict")).contains("write NETWORK[,key=value]"));
    }
}
