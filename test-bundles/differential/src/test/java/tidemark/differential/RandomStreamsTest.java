package tidemark.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The short form runs with every build; {@code -Dtidemark.differential=nightly} runs many more streams from a seed of the day, and
 * {@code -Dtidemark.differential.seed=} repeats such a run; {@code -Dtidemark.differential.streams=} makes it shorter.
 */
class RandomStreamsTest {
    private static final long FIXED_SEED = 0x7469_6465L << 20;
    private static final int SHORT = 100;
    private static final int NIGHTLY = 20_000;
    private static final int NIGHTLY_INSTRUCTIONS = 10_000_000;
    private static final int PER_BATCH = 100;
    private static final int SHRINKING_RUNS = 300;

    @Test
    void everyEngineAgreesWithQemuOnRandomStreams() throws IOException, InterruptedException {
        Qemu qemu = Reference.qemu();
        boolean nightly = "nightly".equals(System.getProperty("tidemark.differential"));
        String ofTheDay = Long.toString(System.currentTimeMillis() << 20);
        long seed = nightly ? Long.decode(System.getProperty("tidemark.differential.seed", ofTheDay)) : FIXED_SEED;
        int streams = nightly ? Integer.getInteger("tidemark.differential.streams", NIGHTLY) : SHORT;
        long instructions = 0;
        for (int from = 0; from < streams; from += PER_BATCH) {
            instructions += judge(qemu, LongStream.range(seed + from, seed + from + PER_BATCH).mapToObj(Stream::of).toList());
        }
        System.out.printf("Differential: %d streams from seed 0x%x, %d instructions, trap handlers included, on each of %s%n", streams,
                seed, instructions, Engines.all());
        assertTrue(!nightly || instructions >= NIGHTLY_INSTRUCTIONS, instructions + " instructions are too few");
    }

    /** Budgets of a few instructions, flushes and exchanges of the engine between them: the guest must not notice. */
    @Test
    void anEngineMayBeStoppedFlushedAndExchangedBetweenAnyTwoInstructions() {
        byte[] image = new Batch(LongStream.range(FIXED_SEED, FIXED_SEED + 50).mapToObj(Stream::of).toList()).image();
        for (Engine engine : Engines.all()) {
            Machine.Result undisturbed = engine.run(image);
            Machine.Result disturbed = engine.disturbed(1).run(image);
            assertEquals(undisturbed.instructions(), disturbed.instructions());
            for (int i = 0; i < 50; i++) {
                assertNull(Difference.between(undisturbed.ram(), disturbed.ram(), i), engine + ", stream " + i);
            }
        }
    }

    /** Seeds of streams on which an engine once was wrong. */
    @Test
    void everyEngineAgreesWithQemuOnStreamsThatOnceFailed() throws IOException, InterruptedException {
        Qemu qemu = Reference.qemu();
        try (var resource = RandomStreamsTest.class.getResourceAsStream("regressions")) {
            String lines = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
            judge(qemu, lines.lines().map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty()).map(Long::decode).map(Stream::of).toList());
        }
    }

    /** @return the instructions that each engine has retired */
    private static long judge(Qemu qemu, List<Stream> streams) throws IOException, InterruptedException {
        Batch batch = new Batch(streams);
        byte[] expected = qemu.run(batch.image()).ram();
        long instructions = 0;
        for (Engine engine : Engines.all()) {
            Machine.Result result = engine.run(batch.image());
            instructions = result.instructions();
            for (int i = 0; i < streams.size(); i++) {
                Difference difference = Difference.between(expected, result.ram(), i);
                if (difference != null) {
                    fail(report(qemu, engine, streams.get(i), i, difference));
                }
            }
        }
        return instructions;
    }

    private static String report(Qemu qemu, Engine engine, Stream stream, int index, Difference first) throws IOException,
            InterruptedException {
        Stream shrunk = new Shrinker(qemu, engine, SHRINKING_RUNS).shrink(stream);
        Batch batch = new Batch(List.of(shrunk));
        Difference difference = Difference.between(qemu.run(batch.image()).ram(), engine.run(batch.image()).ram(), 0);
        return "%s differs from QEMU on the stream with seed 0x%x, number %d of its batch:%n%s%n%nShrunk to %s:%n%s%n%s".formatted(engine,
                stream.seed(), index,
                first, shrunk.items(), difference == null ? "differs only within its batch" : difference, batch.listing(0).body());
    }
}
