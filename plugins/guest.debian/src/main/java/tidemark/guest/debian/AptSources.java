package tidemark.guest.debian;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where the host's apt takes Debian from: sources.list(5), in its one-line and its deb822 style. */
final class AptSources {
    private static final Pattern ONE_LINE = Pattern.compile("deb\\s+(?:\\[[^\\]]*\\]\\s*)?(\\S+)\\s+(\\S+)\\s+(.+)");
    private static final Pattern FIELD = Pattern.compile("([A-Za-z0-9-]+):\\s*(.*)");
    private static final Pattern DEBIAN_SUITE = Pattern.compile("(?:(?:old)*stable|testing|unstable|sid|buster|bullseye|bookworm|trixie|forky|duke)(?:-updates)?");
    private static final Set<String> OFF = Set.of("no", "false", "without", "off", "disable", "0");

    private AptSources() {}

    /** @param etc apt's folder of configuration, {@code /etc/apt} @return the URI of the first archive of Debian */
    static Optional<String> debian(Path etc) throws IOException {
        return files(etc).stream().flatMap(AptSources::sources).filter(Source::isDebian).flatMap(source -> source.uris.stream())
                .filter(uri -> !uri.startsWith("cdrom:")).findFirst();
    }

    private static List<Path> files(Path etc) throws IOException {
        Path parts = etc.resolve("sources.list.d");
        try (Stream<Path> in = Files.isDirectory(parts) ? Files.list(parts) : Stream.of()) {
            return Stream.concat(Stream.of(etc.resolve("sources.list")), in.filter(file -> file.toString().matches(".*\\.(list|sources)")).sorted())
                    .filter(Files::isReadable).toList();
        }
    }

    private static Stream<Source> sources(Path file) {
        try {
            String text = Files.readString(file).replaceAll("(?m)^#.*\n", "");
            return file.toString().endsWith(".sources") ? Arrays.stream(text.split("\n\\s*\n")).map(AptSources::stanza)
                    : text.lines().map(line -> ONE_LINE.matcher(line.replaceFirst("#.*", "").strip())).filter(Matcher::matches).map(AptSources::line);
        } catch (IOException e) {
            // one that this user may not read or that is no text: others may do
            return Stream.of();
        }
    }

    private static Source line(Matcher line) {
        return new Source(List.of(line.group(1)), List.of(line.group(2)), words(line.group(3)));
    }

    private static Source stanza(String text) {
        Map<String, String> fields = new HashMap<>();
        for (String line : text.replaceAll("\n[ \t]+", " ").split("\n")) {
            Matcher field = FIELD.matcher(line);
            if (field.matches()) {
                fields.put(field.group(1).toLowerCase(Locale.ROOT), field.group(2));
            }
        }
        boolean on = words(fields.getOrDefault("types", "")).contains("deb") && !OFF.contains(fields.getOrDefault("enabled", "yes").strip().toLowerCase(Locale.ROOT));
        return new Source(on ? words(fields.getOrDefault("uris", "")) : List.of(), words(fields.getOrDefault("suites", "")), words(fields.getOrDefault("components", "")));
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.strip().split("\\s+")).filter(word -> !word.isEmpty()).toList();
    }

    private record Source(List<String> uris, List<String> suites, List<String> components) {
        boolean isDebian() {
            return components.contains("main") && suites.stream().anyMatch(suite -> DEBIAN_SUITE.matcher(suite).matches());
        }
    }
}
