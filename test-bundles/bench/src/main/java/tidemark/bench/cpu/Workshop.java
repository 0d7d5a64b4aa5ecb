package tidemark.bench.cpu;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;
import tidemark.api.machine.GuestPart;
import tidemark.api.machine.Parts;
import tidemark.api.shell.CommandError;
import tidemark.bench.TimedProcess;

/** Makes the guests' programs in every form that a peer needs, in a folder, each once. */
final class Workshop {
    private static final String SOURCES = "/c/";
    private static final Duration COMPILES_WITHIN = Duration.ofMinutes(5);
    private final Path folder;
    private final Parts parts;
    private final Map<String, Path> made = new HashMap<>();

    /** @param folder has the guests' sources in {@code c/runtime}, {@code c/kernels} and {@code c/npb} */
    Workshop(Path folder, Parts parts) {
        this.folder = folder;
        this.parts = parts;
    }

    /** With the sources that are resources of a bundle. */
    static Workshop of(Bundle bundle, Path folder, Parts parts) throws IOException {
        for (URL source : Collections.list(bundle.findEntries(SOURCES, "*", true))) {
            if (!source.getPath().endsWith("/")) {
                Path file = folder.resolve(source.getPath().substring(1));
                Files.createDirectories(file.getParent());
                try (InputStream in = source.openStream()) {
                    Files.copy(in, file);
                }
            }
        }
        return new Workshop(folder, parts);
    }

    Path folder() {
        return folder;
    }

    /** A guest's program as a machine loads it. */
    Path board(String guest) throws IOException, CommandError {
        Path file = made.get("board " + guest);
        if (file == null) {
            file = Files.write(folder.resolve(guest + ".board.elf"), guest(guest).kernel());
            made.put("board " + guest, file);
        }
        return file;
    }

    /** The least power of two in MiB, from 64 on, that holds a guest. */
    int ramMiB(String guest) throws CommandError {
        return Math.max(64, Integer.highestOneBit(guest(guest).minimumRamMiB() - 1) * 2);
    }

    private GuestPart.Guest guest(String name) throws CommandError {
        try (Parts.Use<GuestPart> use = parts.use(GuestPart.class, "guest", name, () -> { })) {
            return use.part().guest(name).orElseThrow(() -> new CommandError("bench:cpu: bundle " + use.info().bundle() + " has no guest " + name));
        }
    }

    /** @param form {@code native} or {@code user}, as the sources' build scripts have it */
    Path compiled(String form, String guest) throws IOException, InterruptedException, CommandError {
        String key = form + " " + guest;
        if (!made.containsKey(key)) {
            made.put(key, compile(form, guest));
        }
        return made.get(key);
    }

    private Path compile(String form, String guest) throws IOException, InterruptedException, CommandError {
        Path sources = folder.resolve("c").toAbsolutePath();
        Path script = sources.resolve(guest.startsWith("kernel.") ? "kernels" : "npb").resolve("build.sh");
        Path out = folder.resolve(form);
        try (TimedProcess build = TimedProcess.start(List.of("env", "RUNTIME=" + sources.resolve("runtime"), "sh", script.toString(),
                out.toString(), form, guest), "")) {
            if (build.awaitEnd(COMPILES_WITHIN).map(TimedProcess.End::exitCode).orElse(-1) != 0) {
                throw new CommandError("bench:cpu: guest " + guest + " does not compile as " + form + ": " + build.output().strip());
            }
        }
        return out.resolve(guest + ".elf");
    }
}
