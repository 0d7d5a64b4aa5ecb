package tidemark.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import tidemark.api.admission.AdmissionException;
import tidemark.api.machine.Machine.Power;

/** Files that come into the drop-in folder, change and go, on a real framework. */
@Timeout(30)
class DropInTest {
    @TempDir
    private Path base;
    private Plugins plugins;

    @BeforeEach
    void start() throws Exception {
        plugins = new Plugins(base);
    }

    @AfterEach
    void stop() throws Exception {
        plugins.close();
    }

    private static byte[] jar(String name, String version, String... headers) throws Exception {
        return Plugins.jar(name, version, headers);
    }

    @Test
    void bundleComesChangesAndGoesWithItsFile() throws Exception {
        plugins.admit(AllowList.NONE);
        Path file = plugins.drop("my part.jar", jar("a", "1"));
        assertEquals("1.0.0", plugins.runs("a"));
        assertEquals(Candidate.digest(Files.readAllBytes(file)), plugins.deployer.origin(plugins.find("a").orElseThrow()).orElseThrow().sha256());
        plugins.drop("my part.jar", jar("a", "2"));
        assertEquals("2.0.0", plugins.runs("a"));
        plugins.drop("my part.jar", jar("b", "1"));
        assertEquals(Optional.empty(), plugins.find("a"), "the file has another bundle in it now");
        assertEquals("1.0.0", plugins.runs("b"));
        Files.delete(file);
        plugins.look();
        assertEquals(Optional.empty(), plugins.find("b"));
        assertEquals("", plugins.refusals());
    }

    @Test
    void bundlesThatAreThereAtTheStartAreDeployedAtOnceInWhateverOrderTheyNeedEachOther() throws Exception {
        Files.write(plugins.folder.resolve("a.jar"), jar("a", "1", "Import-Package: b"));
        Files.write(plugins.folder.resolve("b.jar"), jar("b", "1", "Export-Package: b"));
        plugins.admit(AllowList.NONE);
        assertEquals("1.0.0", plugins.runs("a"));
        assertEquals("", plugins.refusals());
    }

    @Test
    void halfAFileIsNotTakenUntilItIsWhole() throws Exception {
        plugins.admit(AllowList.NONE);
        byte[] whole = jar("a", "1");
        Path file = plugins.folder.resolve("a.jar");
        for (int length : new int[] {0, whole.length / 2, whole.length - 30, whole.length - 1}) {
            Files.write(file, Arrays.copyOf(whole, length));
            plugins.look();
            assertEquals("", plugins.refusals(), "it may be on its way");
            assertEquals(Optional.empty(), plugins.find("a"));
        }
        Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis() - 5000));
        plugins.look();
        assertTrue(plugins.refusals().startsWith("a.jar: it is no jar, or not all of one: "), plugins.refusals());
        Files.write(file, whole);
        plugins.look();
        assertEquals("1.0.0", plugins.runs("a"));
        assertEquals("", plugins.refusals());
    }

    @Test
    void fileThatStillChangesIsNotTaken() throws Exception {
        plugins.admit(AllowList.NONE);
        Path file = Files.write(plugins.folder.resolve("a.jar"), jar("a", "1"));
        for (int i = 0; i < 5; i++) {
            Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000L + i));
            plugins.dropIn.look();
            assertEquals(Optional.empty(), plugins.find("a"));
        }
        plugins.dropIn.look();
        assertEquals("1.0.0", plugins.runs("a"));
    }

    @Test
    void damagedJarIsFoundBeforeAnythingIsLoaded() throws Exception {
        plugins.admit(AllowList.NONE);
        byte[] bytes = jar("a", "1");
        bytes[bytes.length / 3] ^= 1;
        Path file = Files.write(plugins.folder.resolve("a.jar"), bytes);
        Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        plugins.look();
        assertTrue(plugins.refusals().startsWith("a.jar: it is no jar, or not all of one: "), plugins.refusals());
    }

    @Test
    void whatIsNoBundleIsRefusedALineEachAndTheOthersWork() throws Exception {
        Files.createDirectory(plugins.folder.resolve("folder.jar"));
        Files.createSymbolicLink(plugins.folder.resolve("dangling.jar"), base.resolve("nowhere"));
        Files.writeString(plugins.folder.resolve("text.jar"), "no jar");
        Files.writeString(plugins.folder.resolve("notes.txt"), "not looked at");
        Files.writeString(plugins.folder.resolve(".hidden.jar"), "not looked at");
        Files.write(plugins.folder.resolve("plain.jar"), Plugins.jar("Manifest-Version: 1.0\n"));
        Files.write(plugins.folder.resolve("version.jar"), jar("v", "one"));
        try (RandomAccessFile huge = new RandomAccessFile(plugins.folder.resolve("huge.jar").toFile(), "rw")) {
            huge.setLength(1L << 40);
        }
        Files.write(plugins.folder.resolve("good.jar"), jar("good", "1"));
        Path real = Files.write(base.resolve("real.jar"), jar("linked", "1"));
        Files.createSymbolicLink(plugins.folder.resolve("link.jar"), real);
        plugins.admit(AllowList.NONE);
        Map<String, String> expected = Map.of("folder", "it is a folder", "dangling", "it is a link that leads nowhere", "text", "it is no jar",
                "plain", "it is a jar but no OSGi bundle: its manifest has no Bundle-SymbolicName", "version", "its Bundle-Version is none", "huge",
                        "it has more than 64 MiB");
        String refusals = plugins.refusals();
        expected.forEach((file, why) -> assertTrue(refusals.contains(file + ".jar: " + why), why + " in " + refusals));
        assertEquals(expected.size(), refusals.lines().count(), refusals);
        assertEquals("1.0.0", plugins.runs("good"));
        assertEquals("1.0.0", plugins.runs("linked"), "a link to what only its owner can write is followed");
        Files.write(real, jar("linked", "2"));
        plugins.look();
        assertEquals("2.0.0", plugins.runs("linked"));
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-rw-rw-"));
        plugins.look();
        assertTrue(plugins.refusals().contains("link.jar: others than its owner may write to " + real.toRealPath()), plugins.refusals());
        assertEquals("2.0.0", plugins.runs("linked"), "what was admitted stays");
    }

    @Test
    void badFileInThePlaceOfAGoodOneDoesNotTakeItAway() throws Exception {
        plugins.admit(AllowList.NONE);
        Path file = plugins.drop("a.jar", jar("a", "1"));
        Files.writeString(file, "no jar");
        Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        plugins.look();
        assertEquals("1.0.0", plugins.runs("a"));
        assertTrue(plugins.refusals().startsWith("a.jar: it is no jar"), plugins.refusals());
        Files.delete(file);
        plugins.look();
        assertEquals(Optional.empty(), plugins.find("a"));
    }

    @Test
    void unresolvableUpdateLeavesTheFormerVersionUntouchedAndIsTakenWhenWhatItNeedsComes() throws Exception {
        plugins.admit(AllowList.NONE);
        plugins.drop("a.jar", jar("a", "1"));
        long modified = plugins.find("a").orElseThrow().getLastModified();
        plugins.drop("a.jar", jar("a", "2", "Import-Package: no.such.thing;version=\"[2,3)\""));
        assertEquals("1.0.0", plugins.runs("a"));
        assertEquals(modified, plugins.find("a").orElseThrow().getLastModified(), "it was not even stopped");
        assertEquals("a.jar: it needs package no.such.thing [2.0.0,3.0.0), which nobody offers", plugins.refusals());
        assertEquals(3, plugins.framework.getBundleContext().getBundles().length - 1, "nothing of the trial is left");
        plugins.drop("b.jar", jar("b", "1", "Export-Package: no.such.thing;version=2"));
        assertEquals("2.0.0", plugins.runs("a"));
        assertEquals("", plugins.refusals());
    }

    @Test
    void whatIsMissingIsSoughtBehindTheBundleThatShouldOfferIt() throws Exception {
        plugins.admit(AllowList.NONE);
        plugins.drop("b.jar", jar("b", "1", "Export-Package: b", "Import-Package: c"));
        plugins.drop("a.jar", jar("a", "1", "Import-Package: b;version=0", "Require-Capability: no.such.capability;filter:=\"(x=1)\""));
        assertTrue(plugins.refusals().contains("b.jar: it needs package c, which nobody offers"), plugins.refusals());
        Path file = Files.write(base.resolve("d.jar"), jar("d", "1", "Import-Package: b"));
        String message = assertThrows(AdmissionException.class, () -> plugins.deployer.install(Candidate.read(file))).getMessage();
        assertEquals("it needs package b; b, on which that depends, needs package c, which nobody offers", message);
    }

    @Test
    void updateThatDoesNotStartIsTakenBack() throws Exception {
        plugins.admit(AllowList.NONE);
        plugins.drop("a.jar", jar("a", "1"));
        plugins.drop("a.jar", jar("a", "2", "Import-Package: org.osgi.framework", "Bundle-Activator: tidemark.admission.FailingActivator"));
        assertEquals("1.0.0", plugins.runs("a"));
        assertTrue(plugins.refusals().contains("not today") && plugins.refusals().contains("the former version is back"), plugins.refusals());
        plugins.drop("a.jar", jar("a", "3"));
        assertEquals("3.0.0", plugins.runs("a"));
    }

    @Test
    void updateWithWhichAMachineStandsIsTakenBack() throws Exception {
        plugins.admit(AllowList.NONE);
        plugins.machine(() -> plugins.runs("a").equals("1.0.0") ? Power.RUNNING : Power.FROZEN);
        plugins.drop("a.jar", jar("a", "1"));
        plugins.drop("a.jar", jar("a", "2"));
        assertEquals("1.0.0", plugins.runs("a"));
        assertEquals("a.jar: machine m1 stands with it: it does not fit; the former version is back", plugins.refusals());
    }

    @Test
    void newestOfSeveralVersionsIsInUse() throws Exception {
        plugins.admit(AllowList.NONE);
        plugins.drop("a-1.jar", jar("a", "1"));
        Path second = plugins.drop("a-2.jar", jar("a", "2"));
        assertEquals("2.0.0", plugins.runs("a"));
        assertEquals("a-1.jar: version 1.0.0 is not used: " + second + " has version 2.0.0", plugins.refusals());
        Files.delete(second);
        plugins.look();
        assertEquals("1.0.0", plugins.runs("a"));
    }

    @Test
    void fileTakesThePlaceOfTheBundleOfThePlatformUntilItGoes() throws Exception {
        plugins.platform("uart");
        plugins.admit(AllowList.NONE);
        long id = plugins.find("uart").orElseThrow().getBundleId();
        Path file = plugins.drop("uart.jar", jar("uart", "1", "Bundle-Description: mine"));
        assertEquals("mine", plugins.find("uart").orElseThrow().getHeaders().get("Bundle-Description"));
        assertEquals(id, plugins.find("uart").orElseThrow().getBundleId());
        Files.delete(file);
        plugins.look();
        assertEquals(null, plugins.find("uart").orElseThrow().getHeaders().get("Bundle-Description"));
        assertEquals("1.0.0", plugins.runs("uart"));
    }

    @Test
    void whatThePlatformStandsOnIsNotReplaced() throws Exception {
        plugins.admit(AllowList.NONE);
        plugins.drop("ground.jar", jar("ground", "2", "Export-Package: ground"));
        assertEquals("ground.jar: the running platform stands on bundle ground; end it to replace that", plugins.refusals());
        assertEquals("1.0.0", plugins.runs("ground"));
    }

    @Test
    void folderThatOthersMayWriteToIsIgnoredUntilThatIsMended() throws Exception {
        Files.write(plugins.folder.resolve("a.jar"), jar("a", "1"));
        Files.setPosixFilePermissions(plugins.folder, PosixFilePermissions.fromString("rwxrwxr-x"));
        plugins.admit(AllowList.NONE);
        assertEquals(Optional.empty(), plugins.find("a"));
        assertEquals("plug ins: is ignored: others than its owner may write to " + plugins.folder + " (rwxrwxr-x): chmod go-w '" + plugins.folder + "'",
                plugins.refusals());
        Files.setPosixFilePermissions(plugins.folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        plugins.look();
        assertEquals("1.0.0", plugins.runs("a"));
    }

    @Test
    void onlyDigestsOfTheAllowListAreAdmittedWhoeverInstallsThem() throws Exception {
        byte[] listed = jar("a", "1");
        Path list = Files.writeString(base.resolve("allowed"), "");
        plugins.admit(new AllowList(Optional.of(list), Set.of(Candidate.digest(listed))));
        plugins.drop("a.jar", listed);
        assertEquals("1.0.0", plugins.runs("a"));
        plugins.drop("a.jar", jar("a", "2"));
        assertEquals("1.0.0", plugins.runs("a"));
        assertTrue(plugins.refusals().matches("a.jar: its SHA-256 [0-9a-f]{64} is not on the allow list .*"), plugins.refusals());
        Bundle smuggled = plugins.framework.getBundleContext().installBundle("smuggled", new ByteArrayInputStream(jar("b", "1")));
        assertThrows(BundleException.class, smuggled::start);
        Bundle admitted = plugins.find("a").orElseThrow();
        assertThrows(BundleException.class, () -> {
            admitted.update(new ByteArrayInputStream(jar("a", "3")));
            admitted.start();
        });
        Files.setPosixFilePermissions(list, PosixFilePermissions.fromString("rw-rw-rw-"));
        plugins.look();
        assertTrue(plugins.refusals().contains("the allow list is not to be trusted, others than its owner may write to " + list), plugins.refusals());
    }

    @Test
    void bytesThatWereCheckedAreTheBytesThatAreLoaded() throws Exception {
        plugins.admit(AllowList.NONE);
        Path file = Files.write(plugins.folder.resolve("a.jar"), jar("a", "1"));
        Candidate checked = Candidate.read(file);
        Files.write(file, jar("a", "1", "Bundle-Description: evil"));
        Bundle bundle = plugins.deployer.install(checked);
        assertEquals(null, bundle.getHeaders().get("Bundle-Description"));
        assertEquals(checked.sha256(), plugins.deployer.origin(bundle).orElseThrow().sha256());
    }

    @Test
    void bundleThatDoesNotStartIsNotLeftBehindByInstall() throws Exception {
        plugins.admit(AllowList.NONE);
        Path file = Files.write(base.resolve("a.jar"), jar("a", "1", "Import-Package: no.such.thing"));
        assertThrows(AdmissionException.class, () -> plugins.deployer.install(Candidate.read(file)));
        assertEquals(Optional.empty(), plugins.find("a"));
    }

    @Test
    void bundleThatACommandBroughtStaysWhenADroppedCopyOfItGoes() throws Exception {
        plugins.admit(AllowList.NONE);
        byte[] bytes = jar("a", "1");
        plugins.deployer.install(Candidate.read(Files.write(base.resolve("a.jar"), bytes)));
        Path copy = plugins.drop("a.jar", bytes);
        assertEquals("1.0.0", plugins.runs("a"));
        Files.delete(copy);
        plugins.look();
        assertEquals("1.0.0", plugins.runs("a"));
        assertEquals(base.resolve("a.jar"), plugins.deployer.origin(plugins.find("a").orElseThrow()).orElseThrow().file());
    }

    @Test
    void whatACommandBroughtComesBackWhenANewerFileGoes() throws Exception {
        plugins.platform("uart");
        plugins.admit(AllowList.NONE);
        plugins.deployer.install(Candidate.read(Files.write(base.resolve("a1.jar"), jar("a", "1"))));
        plugins.deployer.update(plugins.find("a").orElseThrow(), Candidate.read(Files.write(base.resolve("a2.jar"), jar("a", "2"))), false);
        plugins.deployer.update(plugins.find("uart").orElseThrow(), Candidate.read(Files.write(base.resolve("u2.jar"), jar("uart", "2"))), false);
        List<Path> newer = List.of(plugins.drop("a.jar", jar("a", "3")), plugins.drop("uart.jar", jar("uart", "3")));
        assertEquals(List.of("3.0.0", "3.0.0"), List.of(plugins.runs("a"), plugins.runs("uart")));
        for (Path file : newer) {
            Files.delete(file);
        }
        plugins.look();
        assertEquals(List.of("2.0.0", "2.0.0"), List.of(plugins.runs("a"), plugins.runs("uart")));
    }

    @Test
    void bundleOfTheFolderGoesWithItsFileAlsoIfACommandHasUpdatedIt() throws Exception {
        plugins.admit(AllowList.NONE);
        Path file = plugins.drop("a.jar", jar("a", "1"));
        plugins.deployer.update(plugins.find("a").orElseThrow(), Candidate.read(Files.write(base.resolve("a2.jar"), jar("a", "2"))), false);
        Files.delete(file);
        plugins.look();
        assertEquals(Optional.empty(), plugins.find("a"));
    }

    @Test
    void bundlesThatUseAnUpdatedOneGetItsNewPackages() throws Exception {
        plugins.admit(AllowList.NONE);
        plugins.drop("b.jar", jar("b", "1", "Export-Package: b"));
        plugins.drop("a.jar", jar("a", "1", "Import-Package: b"));
        Bundle user = plugins.find("a").orElseThrow();
        Object wiring = user.adapt(org.osgi.framework.wiring.BundleWiring.class);
        plugins.drop("b.jar", jar("b", "2", "Export-Package: b"));
        for (int i = 0; i < 1000 && (user.adapt(org.osgi.framework.wiring.BundleWiring.class) == wiring || plugins.runs("a").isEmpty()); i++) {
            Thread.sleep(5);
        }
        assertEquals("1.0.0", plugins.runs("a"));
        assertTrue(user.adapt(org.osgi.framework.wiring.BundleWiring.class) != wiring);
    }
}
