package tidemark.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidemark.api.checkpoint.CancelledException;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.CheckpointRequest;
import tidemark.api.checkpoint.CheckpointTask;
import tidemark.api.memory.DirtyTracker;
import tidemark.api.memory.PageSet;

/** Whatever fails, the guest goes on, untracked, and no image is left. */
@Timeout(30)
class CheckpointFaultTest {
    private Fixture f;

    @BeforeEach
    void begin(@TempDir Path folder) {
        f = new Fixture(folder);
    }

    @AfterEach
    void end() {
        f.close();
    }

    private CheckpointException fails(CheckpointRequest request) throws InterruptedException {
        CheckpointException e = assertThrows(CheckpointException.class, () -> f.take(request));
        f.assertNothingHappened();
        return e;
    }

    private void refused(Fakes.Recipe recipe, String message) throws InterruptedException {
        CheckpointException e = fails(f.request(recipe));
        assertTrue(e.getMessage().contains("out of order") && e.getMessage().contains(message), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"stop", "thread", "live", "cow", "hash"})
    void guestGoesOnWhenTheStoreFailsMidRound(String protocol) throws Exception {
        AtomicInteger batches = new AtomicInteger();
        f.layout.fault = () -> {
            if (batches.incrementAndGet() == 2) {
                throw new IOException("disk full");
            }
        };
        CheckpointException e = fails(f.request(protocol));
        assertTrue(e.getMessage().contains("disk full") && e.getMessage().endsWith("the guest goes on, the unfinished image was removed"),
                e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"stop", "thread", "live", "cow", "hash"})
    void cancelEndsARoundWithinAChunk(String protocol) throws Exception {
        CountDownLatch copying = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        AtomicInteger batches = new AtomicInteger();
        f.layout.fault = () -> {
            batches.incrementAndGet();
            copying.countDown();
            await(cancelled);
        };
        CheckpointTask task = f.service.start(f.request(protocol));
        copying.await();
        task.cancel("changed my mind");
        cancelled.countDown();
        CancelledException e = assertThrows(CancelledException.class, () -> task.await(p -> {}));
        assertTrue(e.getMessage().contains("changed my mind"), e.getMessage());
        assertEquals(1, batches.get());
        assertEquals("cancelled", task.progress().phase());
        f.assertNothingHappened();
    }

    @Test
    void cancelBeforeTheRequestLeavesNothing() throws Exception {
        CheckpointTask task = f.service.start(f.request("thread").withOption("rateWindowMs", 5000));
        task.cancel("at once");
        assertThrows(CancelledException.class, () -> task.await(p -> {}));
        f.assertNothingHappened();
    }

    @Test
    void cancelWakesAProtocolThatWaitsByItself() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        CheckpointTask task = f.service.start(f.request(session -> {
            session.pause();
            waiting.countDown();
            Thread.sleep(60_000);
        }));
        waiting.await();
        task.cancel("too slow");
        assertThrows(CancelledException.class, () -> task.await(p -> {}));
        f.assertNothingHappened();
    }

    @Test
    void cancelAfterTheImageIsPublishedHasNoEffect() throws Exception {
        CheckpointTask[] task = new CheckpointTask[1];
        CountDownLatch started = new CountDownLatch(1);
        task[0] = f.service.start(f.request(session -> {
            Fixture.THREAD.take(session);
            await(started);
            task[0].cancel("too late");
        }));
        started.countDown();
        task[0].await(p -> {});
        assertTrue(f.service.verify(f.folder.resolve("image")).equal());
    }

    @ParameterizedTest
    @ValueSource(strings = {"protocol thread", "tracker fake", "copier fake", "layout fake", "stop fake"})
    void partThatGoesAwayIsNotUsedAnyMore(String part) throws Exception {
        CountDownLatch copying = new CountDownLatch(1);
        f.layout.fault = () -> {
            copying.countDown();
            sleep();
        };
        CheckpointTask task = f.service.start(f.request("thread").withOption("maxRounds", 100_000));
        copying.await();
        f.parts.remove(part.split(" ")[0], part.split(" ")[1]);
        assertEquals(0, f.parts.users(), "when the part is gone nothing may use it");
        assertEquals(0, f.tracker.open);
        assertThrows(CancelledException.class, () -> task.await(p -> {}));
        f.assertNothingHappened();
    }

    @Test
    @Timeout(5)
    void partThatGoesWhileItIsTakenIntoUseIsNotWaitedFor() throws Exception {
        f.parts.fleeting = "tracker fake";
        assertTrue(fails(f.request("thread")) instanceof CancelledException);
    }

    @Test
    void serviceThatStopsEndsItsCheckpoints() throws Exception {
        CountDownLatch copying = new CountDownLatch(1);
        f.layout.fault = () -> {
            copying.countDown();
            sleep();
        };
        CheckpointTask task = f.service.start(f.request("thread"));
        copying.await();
        f.service.stop();
        f.assertNothingHappened();
        assertThrows(CancelledException.class, () -> task.await(p -> {}));
    }

    @Test
    void trackerThatFailsLeavesNoLog() throws Exception {
        f.parts.with("tracker", "fake", (DirtyTracker) memory -> {
            throw new IllegalStateException("no memory for cards");
        });
        assertTrue(fails(f.request("thread")).getMessage().contains("no memory for cards"));
    }

    @Test
    void errorOfAProtocolIsAFailureLikeAnyOther() throws Exception {
        assertTrue(fails(f.request(session -> {
            session.pause();
            throw new StackOverflowError();
        })).getMessage().contains("StackOverflowError"));
    }

    @Test
    void protocolThatReturnsWithoutACommitHasFailed() throws Exception {
        assertTrue(fails(f.request(session -> session.startLog())).getMessage().contains("without a commit"));
    }

    @Test
    void protocolThatSwallowsAFailureCannotPublish() throws Exception {
        f.layout.fault = () -> {
            throw new IOException("disk full");
        };
        CheckpointException e = fails(f.request(session -> {
            session.pause();
            try {
                session.copy(session.allPages());
            } catch (CheckpointException swallowed) {
                f.layout.fault = () -> {};
            }
            session.copy(session.allPages());
            session.saveDevices();
            session.commit();
        }));
        assertTrue(e.getMessage().contains("disk full"), e.getMessage());
    }

    @Test
    void protocolThatNeverEndsItsRoundsFailsAtTheHardLimit() throws Exception {
        CheckpointException e = fails(f.request(session -> {
            session.startLog();
            while (true) {
                session.copy(session.nextEpoch());
            }
        }).withOption("timeLimitMs", 50));
        assertTrue(e.getMessage().contains("4 times timeLimitMs=50"), e.getMessage());
    }

    @Test
    void checkpointThatDoesNotConvergeIsGivenUpOnRequest() throws Exception {
        f.parts.with("stop", "fake", Fakes.stopAfter(1_000_000));
        CheckpointException e = fails(f.request(session -> {
            session.startLog();
            PageSet pending = session.allPages();
            do {
                session.copy(pending);
                f.awaitGuest();
                pending = session.nextEpoch();
            } while (!session.converged(pending));
            session.stopAndCopy(pending);
        }).withOption("maxRounds", 2).withOption("onNoConvergence", "cancel"));
        assertTrue(e.getMessage().matches("(?s).*it does not converge: maxRounds=2 is reached, [1-9]\\d* pages are still to be copied and \\d+ are written per second.*"),
                e.getMessage());
        assertTrue(fails(f.request("thread").withOption("onNoConvergence", "wait")).getMessage()
                .contains("Option onNoConvergence=wait of the platform: give stop or cancel or throttle"));
    }

    @Test
    void verbsOutOfOrderAreRefused() throws Exception {
        refused(s -> s.copy(s.allPages()), "pause or startLog first");
        refused(s -> s.resume(), "the guest is not paused");
        refused(s -> s.nextEpoch(), "no log has begun");
        refused(s -> s.saveDevices(), "pause it first");
        refused(s -> s.commit(), "save the devices first");
        refused(s -> {
            s.startLog();
            s.startLog();
        }, "begun already");
        refused(s -> {
            s.pause();
            s.pause();
        }, "paused already");
        refused(s -> {
            s.startLog();
            s.copy(s.allPages());
            s.pause();
            s.saveDevices();
        }, "end the last epoch");
        refused(s -> {
            s.pause();
            s.copy(s.allPages());
            s.saveDevices();
            s.resume();
            s.copy(s.allPages());
        }, "the image's instant is over");
    }

    @Test
    void verbsOfProtectionOutOfOrderAreRefused() throws Exception {
        refused(s -> {
            s.pause();
            s.protect();
        }, "save the devices first");
        refused(s -> {
            s.pause();
            s.saveDevices();
            s.resume();
        }, "the image would lack the last bytes of 512 of 512 pages; copy them before devices are saved, or protect them");
        refused(s -> {
            s.pause();
            s.saveDevices();
            s.protect();
            s.protect();
        }, "protected already");
        refused(s -> {
            s.pause();
            s.saveDevices();
            s.protect();
            s.resume();
            s.copySlice(s.owed(), 1 << 20, Duration.ofMillis(1));
        }, "pages are protected; copy them");
        refused(s -> {
            s.pause();
            s.saveDevices();
            s.protect();
            s.resume();
            s.commit();
        }, "would lack the last bytes of 512 of 512 pages");
    }

    @Test
    void verbsOfSideMemoryOutOfOrderAreRefused() throws Exception {
        refused(s -> s.sideMemory().put(s.allPages()), "the guest runs; put pages in a slice or a pause");
        refused(s -> s.skip(s.allPages()), "it belongs into a slice of copyBeside");
        refused(s -> s.copyBeside(s.allPages(), Duration.ofMillis(1), () -> true), "startLog first");
        refused(s -> {
            s.startLog();
            s.copyBeside(s.allPages(), Duration.ofNanos(1), () -> {
                s.copyBeside(s.allPages(), Duration.ofMillis(1), () -> true);
                return true;
            });
            s.copyBeside(s.allPages(), Duration.ofNanos(1), () -> true);
            s.pause();
            s.copyBeside(s.allPages(), Duration.ofMillis(1), () -> true);
        }, "the guest stands");
        refused(s -> {
            s.pause();
            s.sideMemory().put(s.allPages());
            s.saveDevices();
            s.commit();
        }, "pages are in side memory only; copy them to the image");
    }

    @Test
    void pageThatWasSkippedAndIsNotKeptIsOwed() throws Exception {
        refused(s -> {
            s.startLog();
            s.copyBeside(s.allPages(), Duration.ofNanos(1), () -> {
                s.skip(s.allPages());
                return false;
            });
            s.skip(s.allPages());
        }, "it belongs into a slice of copyBeside");
        CountDownLatch skipped = new CountDownLatch(1);
        f.layout.fault = () -> awaitUninterruptibly(skipped); // else all may be copied before the first slice
        refused(s -> {
            s.startLog();
            s.copyBeside(s.allPages(), Duration.ofNanos(1), () -> {
                s.skip(s.allPages());
                skipped.countDown();
                return false;
            });
            s.pause();
            s.nextEpoch();
            s.saveDevices();
            s.commit();
        }, "would lack the last bytes of 512 of 512 pages");
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void sliceThatFailsBesideACopyEndsBoth() throws Exception {
        CheckpointException e = fails(f.request(s -> {
            s.startLog();
            while (true) {
                s.copyBeside(s.allPages(), Duration.ofNanos(1), () -> {
                    throw new CheckpointException("the slice has enough");
                });
            }
        }));
        assertTrue(e.getMessage().contains("the slice has enough"), e.getMessage());
    }

    @Test
    void imageThatLacksAPageIsNotPublished() throws Exception {
        PageSet allButOne = PageSet.all(512);
        allButOne.remove(100);
        refused(s -> {
            s.pause();
            s.copy(allButOne);
            s.saveDevices();
            s.commit();
        }, "would lack the last bytes of 1 of 512 pages");
        refused(s -> {
            s.startLog();
            s.copy(s.allPages());
            f.awaitGuest();
            s.pause();
            s.nextEpoch();
            s.saveDevices();
            s.commit();
        }, "would lack the last bytes");
        refused(s -> {
            s.pause();
            s.copy(s.allPages());
            s.resume();
            s.pause();
            s.saveDevices();
            s.commit();
        }, "would lack the last bytes of 512 of 512 pages");
    }

    @Test
    void machinePoweredOffMeanwhileGivesNoImage() throws Exception {
        CheckpointException e = assertThrows(CheckpointException.class, () -> f.take(f.request(session -> {
            session.startLog();
            f.machine.powerOff();
            session.copy(session.allPages());
            session.stopAndCopy(session.nextEpoch());
        })));
        assertTrue(e.getMessage().contains("powered off") && e.getMessage().contains("the machine is off"), e.getMessage());
    }

    @Test
    void oneCheckpointPerMachineAtATime() throws Exception {
        CheckpointTask task = f.service.start(f.request("thread"));
        CheckpointException e = assertThrows(CheckpointException.class, () -> f.service.start(f.request("stop")));
        assertTrue(e.getMessage().contains("by thread is running"), e.getMessage());
        task.await(p -> {});
        assertTrue(f.service.running("vm").isEmpty());
    }

    @Test
    void badRequestsAreRefusedAtOnce() throws Exception {
        CheckpointRequest good = f.request("thread");
        CheckpointRequest elsewhere = new CheckpointRequest("nix", good.image(), "thread", "fake", "fake", "fake", "fake", true, Map.of());
        for (CheckpointRequest bad : List.of(good.withTracker("nix"), good.withOption("nix", 1), good.withOption("maxRounds", "x"),
                good.withOption("timeLimitMs", 0), f.request("nix"), elsewhere)) {
            assertThrows(CheckpointException.class, () -> f.service.start(bad), bad.toString());
        }
        f.assertNothingHappened();
        f.machine.powerOff();
        assertTrue(assertThrows(CheckpointException.class, () -> f.service.start(good)).getMessage().contains("is off"));
        assertFalse(f.service.running("vm").isPresent());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
