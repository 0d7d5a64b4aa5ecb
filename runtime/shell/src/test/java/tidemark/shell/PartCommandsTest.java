package tidemark.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleException;
import tidemark.api.machine.Parts.PartInfo;
import tidemark.api.shell.CommandError;

class PartCommandsTest {
    private static final PartInfo CARD = new PartInfo("tracker", "card", "tidemark.tracker.card", "0.1.0", "active", 0);
    private static final PartInfo STOP = new PartInfo("protocol", "stop", "tidemark.protocol.stop", "0.1.0", "active", 1);
    @TempDir
    Path folder;

    private Path jar(String symbolicName) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (symbolicName != null) {
            manifest.getMainAttributes().putValue("Bundle-SymbolicName", symbolicName);
        }
        Path jar = folder.resolve("some.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            out.finish();
        }
        return jar;
    }

    @Test
    void bundlesAreKnownByTheirManifest() throws Exception {
        assertEquals("my.protocol", PartCommands.symbolicName(jar("my.protocol;singleton:=true")));
    }

    @Test
    void whatIsNoBundleIsRefusedWithTheReason() throws Exception {
        Path plain = jar(null);
        assertTrue(assertThrows(CommandError.class, () -> PartCommands.symbolicName(plain)).getMessage()
                .contains("is a jar but no OSGi bundle"));
        Path text = Files.writeString(folder.resolve("text.jar"), "no jar");
        assertTrue(assertThrows(CommandError.class, () -> PartCommands.symbolicName(text)).getMessage().contains("text.jar is no jar"));
        Path missing = folder.resolve("missing.jar");
        assertEquals("There is no file " + missing, assertThrows(CommandError.class, () -> PartCommands.symbolicName(missing))
                .getMessage());
    }

    @Test
    void whatTheFrameworkRefusesIsSaidOnceWithItsCause() {
        BundleException twice = new BundleException("Unable to resolve x: missing no.such.pkg Unresolved requirements: [x: missing no.such.pkg]",
                BundleException.RESOLVE_ERROR);
        assertEquals("The framework refuses x.jar: a package or service that it needs is not there: Unable to resolve x: missing no.such.pkg",
                PartCommands.refused(Path.of("x.jar"), twice).getMessage());
        BundleException wrapped = new BundleException("Could not create bundle object.", new IllegalArgumentException("invalid version \"x\""));
        assertEquals("The framework refuses x.jar: Could not create bundle object. (invalid version \"x\")",
                PartCommands.refused(Path.of("x.jar"), wrapped).getMessage());
    }

    @Test
    void partsAreListedByKindAndUnknownKindsAreNamed() throws CommandError {
        PartCommands commands = new PartCommands(null, Fakes.parts(CARD, STOP));
        assertEquals(2, commands.list("").size());
        assertEquals(java.util.List.of(STOP), commands.list("protocol"));
        assertEquals("There is no part of kind 'protocl'; did you mean protocol? Deployed are tracker, protocol",
                assertThrows(CommandError.class, () -> commands.list("protocl")).getMessage());
    }
}
