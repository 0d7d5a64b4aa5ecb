package tidemark.lab.run;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What happened, a line of JSON for each event, only ever appended: {@code start}, {@code begun}, {@code lost}, {@code cancelled}, {@code
 * done} and {@code failed} of a cell's
 * tries. A last line that a kill cut off is no event.
 */
final class Journal implements AutoCloseable {
    private static final String REASON = "reason";
    private final FileChannel channel;

    private Journal(FileChannel channel) {
        this.channel = channel;
    }

    static Journal append(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        long end = channel.size();
        ByteBuffer last = ByteBuffer.allocate(1);
        channel.position(end);
        if (end > 0 && channel.read(last, end - 1) == 1 && last.get(0) != '\n') {
            channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
        }
        return new Journal(channel);
    }

    /** Before a try is handed over. */
    void start(int cell, int attempt) throws IOException {
        write("start", cell, attempt, "", "");
    }

    /** @param id by which its executor finds it */
    void begun(int cell, int attempt, String id) throws IOException {
        write("begun", cell, attempt, "id", id);
    }

    /** A try that was killed, or whose worker vanished. */
    void lost(int cell, int attempt) throws IOException {
        write("lost", cell, attempt, "", "");
    }

    /** A try that the lab ended itself, since the lab ends. */
    void cancelled(int cell, int attempt) throws IOException {
        write("cancelled", cell, attempt, "", "");
    }

    void done(int cell, int attempt) throws IOException {
        write("done", cell, attempt, "", "");
    }

    void failed(int cell, int attempt, String reason) throws IOException {
        write("failed", cell, attempt, REASON, reason);
    }

    private synchronized void write(String event, int cell, int attempt, String key, String value) throws IOException {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("event", event);
            json.writeNumberField("cell", cell);
            json.writeNumberField("attempt", attempt);
            json.writeStringField("at", Instant.now().toString());
            if (!key.isEmpty()) {
                json.writeStringField(key, value);
            }
            json.writeEndObject();
        }
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(line.append('\n').toString());
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** What a journal tells; nothing if there is none. */
    static State read(Path file) throws IOException {
        State state = new State();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                state.add(line);
            }
        }
        return state;
    }

    /** How a cell ended: by which try, and why if it failed. */
    record End(int attempt, Optional<String> failure) {}

    static final class State {
        private final Map<Integer, Integer> attempts = new HashMap<>();
        private final Map<Integer, Integer> losses = new HashMap<>();
        private final Map<Integer, End> ends = new HashMap<>();
        private final Map<Integer, String> ids = new HashMap<>();

        private void add(String line) {
            try {
                Map<String, String> event = fields(line);
                int cell = Integer.parseInt(event.getOrDefault("cell", ""));
                int attempt = Integer.parseInt(event.getOrDefault("attempt", ""));
                attempts.merge(cell, attempt, Math::max);
                switch (event.getOrDefault("event", "")) {
                    case "start", "cancelled" -> ids.remove(cell);
                    case "begun" -> ids.put(cell, event.getOrDefault("id", ""));
                    case "lost" -> losses.merge(cell, 1, Integer::sum);
                    case "done" -> ends.put(cell, new End(attempt, Optional.empty()));
                    case "failed" -> ends.put(cell, new End(attempt, Optional.of(event.getOrDefault(REASON, ""))));
                    default -> { }
                }
            } catch (IOException | NumberFormatException e) {
                // a line that was cut off
            }
        }

        private static Map<String, String> fields(String line) throws IOException {
            Map<String, String> fields = new HashMap<>();
            try (JsonParser json = new JsonFactory().createParser(line)) {
                if (json.nextToken() == JsonToken.START_OBJECT) {
                    while (json.nextToken() == JsonToken.FIELD_NAME) {
                        String name = json.currentName();
                        json.nextToken();
                        fields.put(name, json.getValueAsString(""));
                    }
                }
            }
            return fields;
        }

        /** How many tries of a cell were begun. */
        int attempts(int cell) {
            return attempts.getOrDefault(cell, 0);
        }

        /** How many of them were lost while the lab watched. */
        int losses(int cell) {
            return losses.getOrDefault(cell, 0);
        }

        /** Empty for a cell that has not ended. */
        Optional<End> end(int cell) {
            return Optional.ofNullable(ends.get(cell));
        }

        /** By which the last try can be found; empty if it was not handed over for sure. */
        Optional<String> id(int cell) {
            return Optional.ofNullable(ids.get(cell));
        }
    }
}
