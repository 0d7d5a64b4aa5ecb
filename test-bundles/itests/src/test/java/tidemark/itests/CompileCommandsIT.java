package tidemark.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** What HotSpot is told about methods is about methods that there are: it says nothing if there are none, and the platform becomes slow. */
class CompileCommandsIT {
    private static final Path PLATFORM = Path.of(System.getProperty("tidemark.root"), "launch", "target", "platform");

    @Test
    void eachMethodIsThere() throws IOException {
        List<String> methods;
        try (Stream<String> lines = Files.lines(PLATFORM.resolve("compile-commands"))) {
            methods = lines.filter(line -> line.matches("(dont)?inline .*")).map(line -> line.split(" ")[1]).toList();
        }
        assertFalse(methods.isEmpty());
        assertEquals(List.of(), methods.stream().filter(method -> !isThere(method.split("::")[0], method.split("::")[1])).toList());
    }

    private static boolean isThere(String type, String method) {
        return model(type).stream().flatMap(model -> model.methods().stream()).anyMatch(m -> method.equals("*") || m.methodName().equalsString(method));
    }

    private static Optional<ClassModel> model(String type) {
        try (Stream<Path> jars = Files.list(PLATFORM.resolve("bundles"))) {
            for (Path jar : jars.toList()) {
                try (JarFile file = new JarFile(jar.toFile())) {
                    ZipEntry entry = file.getEntry(type.replace('.', '/') + ".class");
                    if (entry != null) {
                        try (InputStream in = file.getInputStream(entry)) {
                            return Optional.of(ClassFile.of().parse(in.readAllBytes()));
                        }
                    }
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
