package tidemark.checkpoint;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.checkpoint.ImageWriter;
import tidemark.api.machine.DiskLayer;
import tidemark.api.machine.FrozenDisks;
import tidemark.api.machine.Grants;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineSpec;
import tidemark.api.state.State;
import tidemark.files.Companion;

/** What is saved at an image's instant beside RAM, and how it becomes the image. */
final class Instant {
    private final String id = UUID.randomUUID().toString();
    private final Parties parties;
    private final Stops stops;
    private final long instructions;
    private final MachineSpec spec;
    private final List<State> states;
    private final FrozenDisks disks;
    /** Null if it was not asked for. */
    private Oracle oracle;
    /** The oracle's file, beside the image. */
    private Companion proof;
    /** From when the layers of disks are registered as needed by this image. */
    private DiskNeeds needs;

    /** Now: saves harts, clock and devices, and freezes the disks. While the guest stands. */
    Instant(Parties parties, Stops stops) throws Exception {
        this.parties = parties;
        this.stops = stops;
        Machine machine = parties.machine();
        instructions = machine.instructions();
        spec = machine.spec();
        states = machine.saveState();
        disks = machine.freezeDisks();
        if (parties.request().oracle()) {
            stops.outOfFigures(() -> oracle = Oracle.of(id, machine.memory(), states));
        }
    }

    /** Writes what the image has beside RAM, makes it durable and visible. */
    void publish(ImageWriter writer, Optional<ImageReader.Parent> parent, Meter meter, Course course) throws Exception {
        Path image = parties.request().image();
        writer.writeStates(states);
        if (parent.isPresent()) {
            writer.writeParent(parent.get());
        }
        List<DiskLayer> layers = disks.force();
        needs = DiskNeeds.begin(id, image, layers);
        if (oracle != null) {
            stops.outOfFigures(() -> proof = oracle.write(image));
        }
        course.beginPublishing();
        publishProof();
        Map<String, String> manifest = Manifest.of(id, parent, parties.request(), parties.machine(), spec, layers, instructions, meter);
        writer.publish(manifest);
        course.committed();
        if (proof != null) {
            proof.keep();
        }
        needs.published();
        if (Manifest.usesTheHost(spec)) {
            ImageFiles.takenHere(image, manifest, Grants.ofPlatform());
        }
    }

    /** Before the image: nobody sees the one without the other, and only one of two that want the same name goes on. */
    private void publishProof() throws Exception {
        if (proof != null) {
            try {
                stops.outOfFigures(proof::publish);
            } catch (FileAlreadyExistsException e) {
                throw new CheckpointException("Cannot write image " + parties.request().image()
                        + ": it exists already, or another checkpoint is about to give it that name; choose another name or delete it", e);
            }
        }
    }

    /** As the image's manifest has it. */
    String id() {
        return id;
    }

    /** Removes the oracle's file unless the image was published. */
    void closeProof() throws Exception {
        if (proof != null) {
            proof.close();
        }
    }

    void closeNeeds() throws Exception {
        if (needs != null) {
            needs.close();
        }
    }
}
