package tidemark.checkpoint;

import java.nio.file.Path;
import java.util.Optional;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.memory.DirtyLog;
import tidemark.api.memory.PageSet;

/** What one checkpoint has to do with the log of its machine, and with the line of increments that its image may belong to. One thread at a time. */
final class Tracking {
    private final Parties parties;
    private final Lineage lineage;
    private final Stops stops;
    /** Null while nothing is tracked for this checkpoint. */
    private Ledger.Reader reader;
    /** When a handshake had done its work. */
    private long stood;
    /** Whether increments are to follow the image. */
    private boolean inLineage;
    private Optional<ImageReader.Parent> parent = Optional.empty();
    /** Of an image that increments are to follow: reads from its instant on. Null before, and once the line has it. */
    private Ledger.Reader sinceInstant;

    Tracking(Parties parties, Lineage lineage, Stops stops) {
        this.parties = parties;
        this.lineage = lineage;
        this.stops = stops;
    }

    boolean isOn() {
        return reader != null;
    }

    void begin() throws Exception {
        reader = lineage.ledger().begin(parties.request().tracker(), parties.tracker(), this::standing);
    }

    /** @return the pages that were written in it */
    PageSet endEpoch() throws Exception {
        lineage.ledger().endEpoch(this::standing);
        return reader.take();
    }

    /** When the last epoch ended, by {@link System#nanoTime}. */
    long epochEnd() {
        return stood;
    }

    /** Increments are to follow the image. @return the pages that it needs; nothing if it is to be whole */
    Optional<PageSet> joinLineage() {
        inLineage = true;
        parent = lineage.parentOf(parties.request().image());
        return parent.map(known -> lineage.since().look());
    }

    /** Of the image; empty if it is whole. */
    Optional<ImageReader.Parent> parent() {
        return parent;
    }

    /** Wants to know what is copied. */
    DirtyLog log() {
        return reader == null ? DirtyLog.NONE : lineage.ledger().toldOfCopies(reader, inLineage ? lineage.since() : null);
    }

    /** The image's instant: what is written from now on is none of it, but of the one that follows it. */
    void instant() throws Exception {
        if (inLineage) {
            sinceInstant = lineage.ledger().fork();
        }
        end();
    }

    void published(Path image, String id) throws Exception {
        if (inLineage) {
            Ledger.Reader since = sinceInstant;
            sinceInstant = null;
            lineage.published(image, id, since, parties.request().tracker());
        }
    }

    /** No effect if it has ended. */
    void end() throws Exception {
        if (reader != null) {
            Ledger.Reader former = reader;
            reader = null;
            former.close(this::standing);
        }
    }

    /** If the image was not published: what the next one lacks is known since the former. */
    void forget() throws Exception {
        if (sinceInstant != null) {
            sinceInstant.close(this::standing);
            sinceInstant = null;
        }
    }

    private void standing(String kind, Stops.Work work) throws Exception {
        stops.standing(kind, () -> {
            work.run();
            stood = System.nanoTime();
            return null;
        });
    }
}
