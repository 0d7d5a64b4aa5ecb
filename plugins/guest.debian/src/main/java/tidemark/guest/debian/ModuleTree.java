package tidemark.guest.debian;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Some of a kernel's modules and those that they depend on, as {@code /lib/modules/VERSION}. */
final class ModuleTree {
    private final String version;
    private final Map<String, KernelModule> modules;

    private ModuleTree(String version, Map<String, KernelModule> modules) {
        this.version = version;
        this.modules = modules;
    }

    /** @param folder {@code lib/modules/VERSION} of the kernel's package */
    static ModuleTree read(Path folder, List<String> wanted) throws IOException {
        Map<String, Path> all;
        try (Stream<Path> files = Files.walk(folder)) {
            all = files.filter(file -> file.toString().endsWith(KernelModule.SUFFIX)).collect(Collectors.toMap(KernelModule::name, file -> file));
        }
        Map<String, KernelModule> modules = new LinkedHashMap<>();
        for (String name : wanted) {
            read(name, all, modules);
        }
        return new ModuleTree(folder.getFileName().toString(), modules);
    }

    private static void read(String name, Map<String, Path> all, Map<String, KernelModule> modules) throws IOException {
        if (modules.containsKey(name)) {
            return;
        }
        if (!all.containsKey(name)) {
            throw new IOException("the kernel has no module " + name);
        }
        KernelModule module = KernelModule.read(all.get(name));
        modules.put(name, module);
        for (String other : module.depends()) {
            read(other, all, modules);
        }
    }

    /** Its files, and what depmod(8) finds out about them. */
    void addTo(Cpio archive) throws IOException {
        for (KernelModule module : modules.values()) {
            archive.file(path(file(module.name())), 0644, module.content());
        }
        archive.file(path("modules.dep"), 0644, text(modules.keySet().stream().map(name -> file(name) + ": " + dependencies(name)).toList()));
        archive.file(path("modules.alias"), 0644, text(modules.values().stream()
                .flatMap(m -> m.aliases().stream().map(alias -> "alias " + alias + " " + m.name())).toList()));
    }

    private String path(String file) {
        return "usr/lib/modules/" + version + "/" + file;
    }

    private static String file(String name) {
        return "kernel/" + name + ".ko";
    }

    private static byte[] text(List<String> lines) {
        return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private String dependencies(String name) {
        return inOrder(name).stream().filter(other -> !other.equals(name)).map(ModuleTree::file).collect(Collectors.joining(" "));
    }

    /** A module, then what it depends on, each before what it depends on itself: to be loaded from the last to the first. */
    Collection<String> inOrder(String name) {
        Map<String, Integer> depths = new TreeMap<>();
        deepen(name, 0, depths);
        return depths.entrySet().stream().sorted(Map.Entry.comparingByValue()).map(Map.Entry::getKey).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private void deepen(String name, int depth, Map<String, Integer> depths) {
        depths.merge(name, depth, Math::max);
        modules.get(name).depends().forEach(other -> deepen(other, depth + 1, depths));
    }

    Set<String> names() {
        return modules.keySet();
    }
}
