package tidemark.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.machine.Machine.Power;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Parts.PartInfo;
import tidemark.api.shell.CommandError;

class CreateCommandsTest {
    @TempDir
    Path folder;

    private final List<Map<String, ?>> specified = new ArrayList<>();

    /** A guest "debian" has devices of its own. */
    private final Fakes.FakeMachines machines = new Fakes.FakeMachines() {
        @Override
        public MachineSpec specify(Map<String, ?> properties) {
            specified.add(new TreeMap<>(properties));
            Map<String, Object> all = new TreeMap<>(properties);
            if ("debian".equals(all.get("guest"))) {
                all.putIfAbsent("devices", "uart0=uart; disk0=virtio.block,file=/root.img; rng0=virtio.entropy");
            }
            return MachineSpec.of(all);
        }
    };

    private MachineSpec create(String line) throws CommandError {
        Command create = Command.of(new CreateCommands(machines.machines(), Fakes.parts(part("disk", "raw"), part("disk", "qcow2"),
                part("network", "none"), part("network", "user"), part("firmware", "sbi"), part("device", "rtc"), part("device", "my.ticker")))).getFirst();
        return ((MachineInfo) create.execute(new Fakes.FakeSession(folder).session(), Arrays.stream(line.split(" ")).map(Object.class::cast)
                .toList())).spec();
    }

    private static PartInfo part(String kind, String name) {
        return new PartInfo(kind, name, "tidemark." + kind + "." + name, "1", "active", 0);
    }

    private String error(String line) {
        return assertThrows(CommandError.class, () -> create(line)).getMessage();
    }

    private String devices(String line) throws CommandError {
        return create(line).toProperties().get("devices");
    }

    @Test
    void onlyWhatIsGivenIsSpecified() throws CommandError {
        create("a --guest debian");
        assertEquals(Map.of("name", "a", "guest", "debian"), specified.getFirst());
        create("b -g debian --ram 1G --harts 2 --clock host --cpu x --memory y --devices u0=uart --args quiet --start");
        assertEquals(Map.of("name", "b", "guest", "debian", "ram", "1024", "harts", "2", "clock", "host", "cpu", "x", "memory", "y",
                "devices", "u0=uart", "arguments", "quiet"), specified.getLast());
        assertEquals(Power.RUNNING, machines.all.get("b").power);
        assertEquals(Power.OFF, machines.all.get("a").power);
    }

    @Test
    void filesAreMeantFromTheSessionsFolder() throws CommandError, IOException {
        Files.createFile(folder.resolve("fw.bin"));
        MachineSpec spec = create("k --kernel build/Image --initrd rd.img --firmware fw.bin");
        assertEquals(List.of(folder + "/build/Image", folder + "/rd.img", folder + "/fw.bin"), List.of(spec.kernel(), spec.initrd(), spec.firmware()));
    }

    @Test
    void firmwareIsADeployedOneOrAFile() throws CommandError {
        assertEquals("sbi", create("a --guest debian --firmware sbi").firmware());
        assertEquals("vm:create: --firmware sbj is neither a file nor a deployed firmware; did you mean sbi? there are sbi",
                error("b --guest debian --firmware sbj"));
    }

    @Test
    void ramIsInMebibytesOrWithItsUnit() throws CommandError {
        assertEquals(64, create("a --ram 64").ramMiB());
        assertEquals(2048, create("b --ram 2G").ramMiB());
        assertEquals(512, create("c --ram 512MiB").ramMiB());
        assertEquals("vm:create: --ram '5x' is no size; write it as 64M or 1G", error("d --ram 5x"));
        assertEquals("vm:create: --ram 5K: give whole mebibytes, as 64M or 1G", error("d --ram 5K"));
        assertEquals("ram=0 of machine d: give 1 to 16384 MiB", error("d --ram 0"));
    }

    @Test
    void disksAndNetworksComeBehindTheGuestsOwnDevices() throws CommandError, IOException {
        Files.createFile(folder.resolve("data.img"));
        assertEquals("uart0=uart; disk0=virtio.block,file=/root.img; rng0=virtio.entropy; disk1=virtio.block,access=ro,file=" + folder
                + "/data.img,format=raw; disk2=virtio.block,file=" + folder + "/data.img; net0=virtio.net,backend=user,forward=tcp:2222:22+udp:53:53",
                devices("a -g debian --disk data.img,format=raw,access=ro --disk data.img --net user,forward=tcp:2222:22,forward=udp:53:53"));
        assertEquals(MachineSpec.DEFAULT_DEVICES + "; net0=virtio.net,backend=none", devices("b --net none"));
        assertEquals("u=uart; net0=virtio.net,backend=none", devices("c --net none --devices u=uart"));
        assertEquals(MachineSpec.DEFAULT_DEVICES + "; net0=virtio.net,backend=user,host-loopback=on", devices("d --net user,host-loopback=on"));
    }

    @Test
    void wrongDisksAreRefusedWithTheWayOut() throws IOException {
        Files.createFile(folder.resolve("d.img"));
        Files.createFile(folder.resolve("a,b;c"));
        assertEquals("vm:create: --disk nope.img: there is no such file; disk:create nope.img 1G makes an empty disk", error("a --disk nope.img"));
        assertEquals("vm:create: --disk d.img,format=qcov2: there is no format of disks deployed 'qcov2'; did you mean qcow2? there are raw, qcow2",
                error("a --disk d.img,format=qcov2"));
        assertEquals("vm:create: --disk d.img,access=wr: there is no access 'wr'; did you mean rw? there are rw, ro, scratch",
                error("a --disk d.img,access=wr"));
        assertEquals("vm:create: --disk d.img,werror=ignore: there is no value of werror 'ignore'; there are enospc, report, stop",
                error("a --disk d.img,werror=ignore"));
        assertEquals("vm:create: --disk d.img,fromat=raw: there is no setting of a disk 'fromat'; did you mean format? there are format, access, werror",
                error("a --disk d.img,fromat=raw"));
        assertTrue(error("a --disk d.img,file=e.img").contains("there is no setting of a disk 'file'"));
        assertTrue(error("a --disk a,b;c").endsWith("make a link to it"));
        assertEquals("vm:create: --disk ,format=raw: its first part is empty", error("a --disk ,format=raw"));
    }

    @Test
    void devicesOfAnyKindAreAddedWithTheirOptions() throws CommandError {
        assertEquals(MachineSpec.DEFAULT_DEVICES + "; rtc0=rtc,time=stopped; my-ticker0=my.ticker; my-ticker1=my.ticker",
                devices("a --device rtc,time=stopped --device my.ticker --device my.ticker"));
        assertEquals("vm:create: --device rtk: there is no kind of device deployed 'rtk'; did you mean rtc? there are rtc, my.ticker", error("b --device rtk"));
        assertEquals("vm:create: --device rtc,time=a;b=c: there can be no ';' in it", error("b --device rtc,time=a;b=c"));
    }

    @Test
    void wrongNetworksAreRefusedWithTheWayOut() {
        assertEquals("vm:create: --net usr: there is no network deployed 'usr'; did you mean user? there are none, user", error("a --net usr"));
        assertTrue(machines.all.isEmpty());
    }
}
