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
 * What happened, a line of JSON for each event, only ever appended: {@code start}, {@code done} and {@code failed} of a cell's tries. A last line that a kill cut off
 * is no event.
 */
final class Journal implements AutoCloseable {
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

    void start(int cell, int attempt) throws IOException {
        write("start", cell, attempt, "");
    }

    void done(int cell, int attempt) throws IOException {
        write("done", cell, attempt, "");
    }

    void failed(int cell, int attempt, String reason) throws IOException {
        write("failed", cell, attempt, reason);
    }

    private synchronized void write(String event, int cell, int attempt, String reason) throws IOException {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("event", event);
            json.writeNumberField("cell", cell);
            json.writeNumberField("attempt", attempt);
            json.writeStringField("at", Instant.now().toString());
            if (!reason.isEmpty()) {
                json.writeStringField("reason", reason);
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

    static final class State {
        private final Map<Integer, Integer> attempts = new HashMap<>();
        private final Map<Integer, String> failures = new HashMap<>();

        private void add(String line) {
            Map<String, String> event = new HashMap<>();
            try (JsonParser json = new JsonFactory().createParser(line)) {
                if (json.nextToken() != JsonToken.START_OBJECT) {
                    return;
                }
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    json.nextToken();
                    event.put(name, json.getValueAsString(""));
                }
                int cell = Integer.parseInt(event.getOrDefault("cell", ""));
                attempts.merge(cell, Integer.parseInt(event.getOrDefault("attempt", "")), Math::max);
                switch (event.getOrDefault("event", "")) {
                    case "failed" -> failures.put(cell, event.getOrDefault("reason", ""));
                    case "done" -> failures.remove(cell);
                    default -> { }
                }
            } catch (IOException | NumberFormatException e) {
                // a line that was cut off
            }
        }

        /** How many tries of a cell were begun. */
        int attempts(int cell) {
            return attempts.getOrDefault(cell, 0);
        }

        /** Why a cell has failed for good. */
        Optional<String> failure(int cell) {
            return Optional.ofNullable(failures.get(cell));
        }
    }
}
