package tidemark.executor.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Which processors a process may use: a container or a batch system may give it 4 to 7 only. */
final class AllowedProcessors {
    private static final String FIELD = "Cpus_allowed_list:";

    private AllowedProcessors() {}

    /** Numbers of the host's processors; without Linux's proc(5) those from 0. */
    static List<Integer> ofThisProcess() {
        int count = Runtime.getRuntime().availableProcessors();
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            // a quota of CPU time may allow fewer at once
            return lines.filter(line -> line.startsWith(FIELD)).findFirst().map(line -> parse(line.substring(FIELD.length()).strip()))
                    .orElse(List.of())
                    .stream().limit(count).toList();
        } catch (IOException e) {
            return IntStream.range(0, count).boxed().toList();
        }
    }

    /** @param list {@code 0-3,8,10-11}, as cpuset(7) has it */
    static List<Integer> parse(String list) {
        return Stream.of(list.split(",")).flatMap(range -> {
            String[] ends = range.split("-");
            return IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1])).boxed();
        }).toList();
    }
}
