package tidemark.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.ImageAsk;
import tidemark.api.checkpoint.RestoreGrants;
import tidemark.api.device.DevicePart;
import tidemark.api.device.DiskPart.Backing;
import tidemark.api.device.Network;
import tidemark.api.device.NetworkPart;
import tidemark.api.machine.Grants;
import tidemark.api.machine.MachineSpec;

/** Images that name files and ports of the host. */
class ImageGrantsTest {
    private final String home = System.getProperty("tidemark.home");
    private final Fakes.FakeParts parts = new Fakes.FakeParts();
    private final Fakes.Layout layout = new Fakes.Layout();
    private final Fakes.FakeMachines machines = new Fakes.FakeMachines();
    private final CheckpointService service = new CheckpointService(machines, parts);
    @TempDir
    Path folder;
    private Path image;
    private Path secret;

    /** Listens where option {@code forward} says. */
    private static final class FakeNetwork implements NetworkPart {
        @Override
        public Network connect(Map<String, String> options, java.util.function.Consumer<byte[]> guest) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<HostUse> hostUses(Map<String, String> options) {
            return options.containsKey("forward") ? List.of(new HostUse("listens on " + options.get("forward"), true)) : List.of();
        }
    }

    @BeforeEach
    void makeAHost() throws IOException {
        System.setProperty("tidemark.home", folder.resolve("home").toString());
        Files.createDirectories(folder.resolve("images"));
        Files.createDirectories(folder.resolve("user"));
        image = folder.resolve("images/image");
        secret = Files.writeString(folder.resolve("user/secret"), "secret");
        Object card = Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {DevicePart.class}, (proxy, method, arguments) -> true);
        parts.with("layout", "fake", layout).with("device", "card", card).with("network", "user", new FakeNetwork())
                .with("network", "none", new FakeNetwork());
    }

    @AfterEach
    void restoreHome() {
        List.copyOf(machines.list()).forEach(m -> machines.destroy(m.name()));
        if (home == null) {
            System.clearProperty("tidemark.home");
        } else {
            System.setProperty("tidemark.home", home);
        }
    }

    private Map<String, String> manifest(String... settings) {
        Map<String, String> manifest = new TreeMap<>(Map.of("id", "1", "machine.name", "m", "machine.ram", "2", "machine.devices", ""));
        for (int i = 0; i < settings.length; i += 2) {
            manifest.put(settings[i], settings[i + 1]);
        }
        return manifest;
    }

    private void image(String... settings) throws IOException {
        new Fakes.Image(layout, image, 512).publish(manifest(settings));
    }

    private static RestoreGrants allow(Path... files) {
        return new RestoreGrants(List.of(files), Map.of(), Map.of(), List.of());
    }

    private static RestoreGrants net(String... options) {
        Map<String, String> all = new TreeMap<>();
        for (int i = 0; i < options.length; i += 2) {
            all.put(options[i], options[i + 1]);
        }
        return new RestoreGrants(List.of(), Map.of(), Map.of("", all), List.of());
    }

    private MachineSpec restored(RestoreGrants grants) throws CheckpointException {
        String name = "r" + machines.list().size();
        return service.restore(image, name, grants).machine().spec();
    }

    @Test
    void anImageWithThousandsOfNetworkCardsIsRefusedByTheirNumber() throws Exception {
        image("machine.devices", IntStream.range(0, 2000).mapToObj(n -> "net" + n + "=card,backend=user,forward=tcp:8080:80").collect(Collectors.joining("; ")));
        String why = "has 2000 devices: give 64 at most";
        assertTrue(assertThrows(CheckpointException.class, () -> service.asks(image)).getMessage().contains(why));
        assertTrue(refusal(net("backend", "none")).contains(why));
    }

    private String refusal(RestoreGrants grants) {
        int before = machines.list().size();
        String message = assertThrows(CheckpointException.class, () -> restored(grants)).getMessage();
        assertEquals(before, machines.list().size(), "no machine may be made");
        return message;
    }

    private void assertRefused(Path what) {
        String message = refusal(RestoreGrants.NONE);
        assertTrue(message.contains("asks for what was not granted to it") && message.contains("--allow " + what), message);
    }

    @Test
    void aStrangersImageUsesNoFileOfTheUsers() throws Exception {
        for (String part : List.of("kernel", "initrd", "firmware")) {
            image("machine." + part, secret.toString(), "machine.guest", "");
            assertRefused(secret);
            Files.delete(image);
        }
        image("machine.devices", "d0=disk,file=x", "disk.d0.format", "raw", "disk.d0.file0", secret.toString(), "disk.d0.file0.length", "6",
                "disk.d0.file0.modified", "0");
        assertRefused(secret);
        assertTrue(assertThrows(CheckpointException.class, () -> service.verify(image)).getMessage().contains("without the oracle"));
        List<ImageAsk> asks = service.asks(image);
        assertEquals("d0 goes on from " + secret + " in a new layer beside it (not granted; --allow " + secret + ", or --disk d0=FILE would)",
                asks.getFirst().toString());
    }

    @Test
    void linksParentsDevicesAndHiddenFilesDoNotLieBesideAnImage() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("images/link"), secret);
        Path dangling = Files.createSymbolicLink(folder.resolve("images/dangling"), folder.resolve("user/later"));
        Path hidden = Files.writeString(folder.resolve("images/.hidden"), "");
        for (String name : List.of(link.toString(), "link", "/gone/link", "../user/secret", folder + "/images/../user/secret", "/proc/self/environ", "/dev/zero",
                dangling.toString(), "/gone/dangling", hidden.toString(), "/gone/.hidden", folder.resolve("user").toString())) {
            image("machine.kernel", name);
            assertTrue(refusal(RestoreGrants.NONE).contains("kernel is read from"), name);
            Files.delete(image);
        }
    }

    @Test
    void filesBesideTheImageAreFoundThereWhereverTheyWere() throws Exception {
        Path kernel = Files.writeString(folder.resolve("images/Image"), "");
        image("machine.kernel", "/gone/to/Image", "machine.initrd", "Image", "machine.firmware", "/gone/to/fw.bin");
        MachineSpec spec = restored(RestoreGrants.NONE);
        assertEquals(kernel.toString(), spec.kernel());
        assertEquals(kernel.toString(), spec.initrd());
        assertEquals(folder.resolve("images/fw.bin").toString(), spec.firmware(), "a file that is missing is looked for beside the image only");
    }

    @Test
    void anAllowedFileIsRememberedForThatImageAlone() throws Exception {
        image("machine.kernel", secret.toString());
        assertEquals(secret.toString(), restored(allow(secret)).kernel());
        assertEquals(secret.toString(), restored(RestoreGrants.NONE).kernel());
        Files.move(image, folder.resolve("images/mine"));
        image("machine.kernel", secret.toString());
        assertRefused(secret);
    }

    @Test
    void anImageTakenHereMayHaveWhatItsMachineUsedAndACopyOfItMayNot() throws Exception {
        String[] settings = {"machine.kernel", secret.toString(), "machine.devices", "net0=card,forward=tcp:1:1"};
        image(settings);
        ImageFiles.takenHere(image, manifest(settings), Grants.ofPlatform());
        assertEquals(secret.toString(), restored(RestoreGrants.NONE).kernel());
        Files.move(image, folder.resolve("images/mine"));
        image(settings);
        assertRefused(secret);
    }

    @Test
    void aDiskCanBeReplacedByAnother() throws Exception {
        image("machine.devices", "d0=disk", "disk.d0.format", "raw", "disk.d0.file0", secret.toString(), "disk.d0.file0.length", "1",
                "disk.d0.file0.modified", "0");
        Path other = Files.writeString(folder.resolve("user/other"), "other");
        RestoreGrants grants = new RestoreGrants(List.of(), Map.of("d0", new Backing(other, "qcow2")), Map.of(), List.of());
        try (var reader = service.open(image)) {
            var disk = Wanted.disksOf(image, reader, grants).getFirst();
            assertEquals(other, disk.file());
            assertEquals("qcow2", disk.format());
        }
        RestoreGrants unknown = new RestoreGrants(List.of(), Map.of("d1", new Backing(other, "")), Map.of(), List.of());
        assertTrue(refusal(unknown).contains("it has no disk d1 for --disk; there are [d0]"));
    }

    @Test
    void aStrangersImageOpensNoPort() throws Exception {
        image("machine.devices", "net0=card,forward=tcp:0.0.0.0:22:22,mac=52:54:00:00:00:01");
        String message = refusal(RestoreGrants.NONE);
        assertTrue(message.contains("net0 listens on tcp:0.0.0.0:22:22 (--net none"), message);
        assertEquals("net0=card,backend=none,mac=52:54:00:00:00:01", restored(net("backend", "none")).devices().getFirst().toString());
        RestoreGrants forward = new RestoreGrants(List.of(), Map.of(), Map.of(), List.of("tcp:0:22"));
        assertEquals("tcp:0:22", restored(forward).devices().getFirst().options().get("forward"));
        RestoreGrants unknown = new RestoreGrants(List.of(), Map.of(), Map.of("net7", Map.of("backend", "none")), List.of());
        assertTrue(refusal(unknown).contains("it has no network card net7 for --net; there are [net0]"));
    }

    @Test
    void clonesThatWantOnePortSaySoBeforeAnyIsStarted() throws Exception {
        image("machine.devices", "net0=card");
        List<String> notices = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            notices.addAll(service.restore(image, "clone" + i, net("backend", "user", "forward", "tcp:2222:22")).notices());
        }
        assertEquals(1 + 2 + 3 + 4, notices.size());
        assertTrue(notices.getFirst().startsWith("Machine clone0 listens on tcp:2222:22 already: clone1 waits until that one is destroyed"), notices.getFirst());
        assertTrue(notices.getFirst().contains("--forward tcp:0:GUESTPORT"));
    }

    @Test
    void otherDevicesOptionsThatNameFilesAreAskedForToo() throws Exception {
        image("machine.devices", "fs0=share,path=" + secret);
        assertRefused(secret);
    }
}
