package tidemark.checkpoint;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.CheckpointTask;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.checkpoint.DirtyTrace;
import tidemark.api.checkpoint.ImageAsk;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.checkpoint.Option;
import tidemark.api.checkpoint.RestoreGrants;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineException;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Parts;

/** Checkpoints of the machines of this platform. */
@Component
public final class CheckpointService implements Checkpoints {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointService.class);
    private final Machines machines;
    private final Parts parts;
    private final Images images;
    private final Restorer restorer;
    private final Merger merger;
    private final Choices choices;
    private final BatchPool batches = new BatchPool();
    private final Map<String, Task> running = new ConcurrentHashMap<>();
    private final Map<String, Lineage> lineages = new ConcurrentHashMap<>();
    /** Names of machines of which dirty pages are traced. */
    private final Set<String> watched = ConcurrentHashMap.newKeySet();

    @Activate
    public CheckpointService(@Reference Machines machines, @Reference Parts parts) {
        this.machines = machines;
        this.parts = parts;
        images = new Images(parts);
        merger = new Merger(images, batches);
        choices = new Choices(parts);
        restorer = new Restorer(machines, images, parts);
    }

    @Deactivate
    void stop() {
        List<Task> tasks = List.copyOf(running.values());
        tasks.forEach(task -> task.cancel("the checkpoint service is stopped"));
        tasks.forEach(Task::awaitPartsLeft);
        lineages.values().forEach(CheckpointService::end);
    }

    @Override
    public synchronized CheckpointTask start(CheckpointRequest request) throws CheckpointException {
        Machine machine = machine(request.machine());
        refuseIfOff(machine);
        refuseIfRunning(machine.name());
        Task task = new Task(request, machine, parts, batches, lineage(machine));
        running.put(machine.name(), task);
        task.whenDone(() -> running.remove(machine.name(), task));
        task.start();
        return task;
    }

    @Override
    public Optional<CheckpointTask> running(String machine) {
        return Optional.ofNullable(running.get(machine));
    }

    @Override
    public Map<String, String> chosen(String machine) throws CheckpointException {
        return choices.of(machine(machine));
    }

    @Override
    public void choose(String machine, String kind, String name) throws CheckpointException {
        choices.choose(machine(machine), kind, name);
    }

    @Override
    public List<Option> options() {
        return Settings.PLATFORM;
    }

    @Override
    public DirtyTrace traceDirtyPages(String name, String tracker, Duration epoch, Duration length, Consumer<DirtyTrace.Epoch> listener) throws CheckpointException {
        Machine machine = machine(name);
        DirtyWatch watch;
        synchronized (this) {
            refuseIfOff(machine);
            refuseIfRunning(name);
            watch = new DirtyWatch(machine, lineage(machine).ledger(), parts);
            watched.add(name);
        }
        try {
            return watch.watch(tracker, epoch, length, listener);
        } finally {
            watched.remove(name);
        }
    }

    @Override
    public synchronized Optional<Path> endIncrements(String name) throws CheckpointException {
        Machine machine = machine(name);
        refuseIfRunning(name);
        Lineage lineage = lineage(machine);
        Optional<Path> newest = lineage.newest();
        lineage.end();
        return newest;
    }

    @Override
    public synchronized Rollback rollback(String name, Optional<Path> image, int back) throws CheckpointException {
        Machine machine = machine(name);
        refuseIfRunning(name);
        return new RollBack(machine, lineage(machine), images).to(image, back);
    }

    @Override
    public void merge(Path image, Optional<Path> onto) throws CheckpointException {
        merger.merge(image, onto);
    }

    @Override
    public RestoreReport restore(Path image, String name, RestoreGrants grants) throws CheckpointException {
        return restorer.restore(image, name, grants);
    }

    @Override
    public RestoreReport restoreLazily(Path image, String name, RestoreGrants grants) throws CheckpointException {
        return restorer.restoreLazily(image, name, grants);
    }

    @Override
    public synchronized RestoreReport restoreInto(Path image, Machine machine, RestoreGrants grants) throws CheckpointException {
        refuseIfRunning(machine.name());
        return restorer.restoreInto(image, machine, grants);
    }

    @Override
    public Verdict verify(Path image, RestoreGrants grants) throws CheckpointException {
        return restorer.verify(image, grants);
    }

    @Override
    public List<ImageAsk> asks(Path image) throws CheckpointException {
        return restorer.asks(image);
    }

    @Override
    public ImageReader open(Path image) throws CheckpointException {
        return images.open(image);
    }

    @Override
    public List<Path> list(Path folder) throws CheckpointException {
        return images.list(folder);
    }

    @Override
    public void delete(Path image) throws CheckpointException {
        images.delete(List.of(image));
    }

    @Override
    public void deleteAll(List<Path> files) throws CheckpointException {
        images.delete(files);
    }

    /** The increments of a machine. Those of machines that are gone, go. */
    private synchronized Lineage lineage(Machine machine) {
        lineages.values().removeIf(lineage -> {
            boolean gone = machines.find(lineage.machine().name()).filter(now -> now == lineage.machine()).isEmpty();
            if (gone) {
                end(lineage);
            }
            return gone;
        });
        return lineages.computeIfAbsent(machine.name(), name -> new Lineage(machine, parts, images));
    }

    private static void end(Lineage lineage) {
        try {
            lineage.end();
        } catch (CheckpointException e) {
            LOG.warn("{}", e.getMessage());
        }
    }

    private Machine machine(String name) throws CheckpointException {
        try {
            return machines.get(name);
        } catch (MachineException e) {
            throw new CheckpointException(e.getMessage(), e);
        }
    }

    private static void refuseIfOff(Machine machine) throws CheckpointException {
        if (machine.status().power() == Machine.Power.OFF) {
            throw new CheckpointException("Machine " + machine.name() + " is off; start it first");
        }
    }

    private void refuseIfRunning(String machine) throws CheckpointException {
        if (watched.contains(machine)) {
            throw new CheckpointException("What " + machine + " writes is being watched; wait for the end of that, or Ctrl-C it");
        }
        Task task = running.get(machine);
        if (task != null) {
            throw new CheckpointException("A checkpoint of " + machine + " to " + task.request().image() + " by "
                    + task.request().protocol() + " is running; wait for it or cancel it first");
        }
    }
}
