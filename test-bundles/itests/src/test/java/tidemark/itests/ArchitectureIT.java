package tidemark.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The arrows of the architecture, read off the manifests of the built bundles: who imports whose packages. */
class ArchitectureIT {
    private static final Path ROOT = Path.of(System.getProperty("tidemark.root"));
    private static final List<String> FOLDERS = List.of("bundles", "plugins", "runtime", "test-bundles");

    /** What each bundle of the ground may import of the ground. */
    private static final Map<String, Set<String>> GROUND = Map.ofEntries(
            Map.entry("api.state", Set.of()),
            Map.entry("api.memory", Set.of()),
            Map.entry("api.cpu", Set.of("api.memory", "api.state")),
            Map.entry("api.device", Set.of("api.memory", "api.state")),
            Map.entry("api.machine", Set.of("api.cpu", "api.device", "api.memory", "api.state")),
            Map.entry("api.checkpoint", Set.of("api.device", "api.machine", "api.memory", "api.state")),
            Map.entry("api.shell", Set.of()),
            Map.entry("api.admission", Set.of()),
            Map.entry("api.lab", Set.of()),
            Map.entry("riscv", Set.of("api.cpu", "api.memory", "api.state")),
            Map.entry("interpreter", Set.of("api.cpu", "api.memory", "api.state", "riscv")),
            Map.entry("virtio", Set.of("api.device", "api.memory", "api.state")),
            Map.entry("report", Set.of()),
            Map.entry("files", Set.of()),
            Map.entry("guest", Set.of("api.machine", "files")),
            Map.entry("image", Set.of("api.checkpoint", "api.memory", "api.state")),
            Map.entry("disk", Set.of("api.device", "files")));

    private record Bundle(String folder, String name, Set<String> imports, Set<String> exports) {}

    @Test
    void bundlesImportOnlyAlongTheArrows() throws IOException {
        Map<String, Bundle> bundles = bundles();
        Map<String, String> exporter = new TreeMap<>();
        bundles.values().forEach(bundle -> bundle.exports.forEach(name -> exporter.put(name, bundle.name)));
        List<String> wrong = new ArrayList<>();
        for (Bundle bundle : bundles.values()) {
            for (String imported : bundle.imports) {
                String target = exporter.get(imported);
                if (target != null && !target.equals(bundle.name) && !allowed(bundle, bundles.get(target))) {
                    wrong.add(bundle.folder + "/" + bundle.name + " -> " + bundles.get(target).folder + "/" + target);
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void everyBundleIsNamedForItsFolderAndOnlyTheGroundExports() throws IOException {
        for (Bundle bundle : bundles().values()) {
            if (bundle.folder.equals("plugins") || bundle.folder.equals("runtime")) {
                assertEquals(Set.of(), bundle.exports, bundle.folder + "/" + bundle.name + " exports");
            }
            String root = "tidemark." + bundle.name.replace('-', '_');
            assertTrue(bundle.exports.stream().allMatch(name -> (name + ".").startsWith(root + ".")), bundle.name + " exports " + bundle.exports);
        }
    }

    @Test
    void everyModuleOfTheGroundHasItsArrowsWrittenDown() throws IOException {
        TreeSet<String> names = new TreeSet<>();
        bundles().values().stream().filter(bundle -> bundle.folder.equals("bundles")).forEach(bundle -> names.add(bundle.name));
        assertEquals(new TreeSet<>(GROUND.keySet()), names);
    }

    private static boolean allowed(Bundle from, Bundle to) {
        if (from.folder.equals("bundles")) {
            return to.folder.equals("bundles") && GROUND.getOrDefault(from.name, Set.of()).contains(to.name);
        }
        return to.folder.equals("bundles") || from.folder.equals("test-bundles") && to.folder.equals("test-bundles");
    }

    private static Map<String, Bundle> bundles() throws IOException {
        Map<String, Bundle> bundles = new TreeMap<>();
        for (String folder : FOLDERS) {
            try (Stream<Path> modules = Files.list(ROOT.resolve(folder))) {
                for (Path module : modules.filter(Files::isDirectory).toList()) {
                    Path jar = jar(module.resolve("target"));
                    if (jar != null) {
                        Bundle bundle = read(folder, module.getFileName().toString(), jar);
                        bundles.put(bundle.name, bundle);
                    }
                }
            }
        }
        assertTrue(bundles.size() > 20, "built bundles found: " + bundles.keySet());
        return bundles;
    }

    private static Path jar(Path target) throws IOException {
        if (!Files.isDirectory(target)) {
            return null;
        }
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.getFileName().toString().matches(".*-\\d.*\\.jar")).findFirst().orElse(null);
        }
    }

    private static Bundle read(String folder, String module, Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            Attributes manifest = file.getManifest().getMainAttributes();
            assertEquals("tidemark." + module, manifest.getValue("Bundle-SymbolicName"), jar.toString());
            return new Bundle(folder, module, packages(manifest.getValue("Import-Package")), packages(manifest.getValue("Export-Package")));
        }
    }

    /** Package names of an OSGi header: its clauses without attributes; quoted strings may contain commas. */
    private static Set<String> packages(String header) {
        Set<String> names = new TreeSet<>();
        if (header != null) {
            for (String clause : header.replaceAll("\"[^\"]*\"", "").split(",")) {
                names.add(clause.split(";")[0].strip());
            }
        }
        return names;
    }
}
