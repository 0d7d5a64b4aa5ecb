package tidemark.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import tidemark.api.machine.Machine;
import tidemark.api.machine.MachineSpec;
import tidemark.api.machine.Machines;
import tidemark.api.machine.Parts;
import tidemark.exam.PaxExam;

/** {@code part:why} and {@code part:info} on the platform, for bundles that are made here, each with something wrong. */
@ExtendWith(PaxExam.class)
public class WhyIT {
    private static final String DS = "Require-Capability: osgi.extender;filter:=\"(osgi.extender=osgi.component)\"\nService-Component: OSGI-INF/c.xml";

    @Configuration
    public static Option[] platform() throws Exception {
        return Platform.options();
    }

    private static String run(CommandProcessor processor, String command) throws Exception {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        try (CommandSession session = processor.createSession(InputStream.nullInputStream(), nowhere, nowhere)) {
            return String.valueOf(session.execute(command));
        }
    }

    private static Bundle install(BundleContext context, String name, String headers, Map<String, String> files) throws IOException, BundleException {
        return context.installBundle("test:" + name, new ByteArrayInputStream(JarFiles.bundle(name, headers, files)));
    }

    /** A bundle with one component. @param body of its description */
    private static Bundle component(BundleContext context, String name, String attributes, String body) throws IOException, BundleException {
        Bundle bundle = install(context, name, DS, Map.of("OSGI-INF/c.xml", "<scr:component xmlns:scr=\"http://www.osgi.org/xmlns/scr/v1.3.0\" name=\"" + name
                + "\" " + attributes + ">"
                + body + "<implementation class=\"no.such.Class\"/></scr:component>"));
        bundle.start();
        return bundle;
    }

    private static String offers(String service) {
        return "<service><provide interface=\"" + service + "\"/></service>";
    }

    private static String lacks(String service, String target) {
        return "<reference name=\"wheel\" interface=\"" + service + "\"" + (target.isEmpty() ? "" : " target=\"" + target + "\"") + "/>";
    }

    private static Bundle bundle(BundleContext context, String symbolicName) {
        return Arrays.stream(context.getBundles()).filter(bundle -> symbolicName.equals(bundle.getSymbolicName())).findFirst().orElseThrow();
    }

    @Test
    public void aStoppedBundleIsFoundByThePartThatItWouldOffer(BundleContext context, CommandProcessor processor, Parts parts) throws Exception {
        Bundle card = bundle(context, "tidemark.tracker.card");
        card.stop();
        try {
            assertEquals("bundle tidemark.tracker.card " + card.getVersion() + " is not started\nWay out: felix:start " + card.getBundleId(), run(processor,
                    "part:why card"));
        } finally {
            card.start();
        }
        Platform.await("card is back", () -> parts.names("tracker").contains("card"));
        assertEquals("tracker 'card' is offered by bundle tidemark.tracker.card " + card.getVersion() + ", ranking 0; nobody uses it", run(processor,
                "part:why card"));
    }

    @Test
    public void anUnresolvedBundleSaysWhatIsMissingAndWhoOffersWhichVersionInstead(BundleContext context, CommandProcessor processor) throws Exception {
        Bundle near = install(context, "near", "Import-Package: tidemark.api.memory;version=\"[7,8)\"", Map.of());
        Bundle far = install(context, "far", "Import-Package: offered.by.near", Map.of());
        Bundle offering = install(context, "offering", "Export-Package: offered.by.near\nImport-Package: no.such.thing", Map.of());
        try {
            assertEquals("""
                    bundle near 0.0.0 is not resolved
                      it needs package tidemark.api.memory [7.0.0,8.0.0), which nobody offers
                        version 0.1.0 of it is offered by bundle tidemark.api.memory
                    Way out: part:install a bundle that offers package tidemark.api.memory [7.0.0,8.0.0), \
                    or part:update one that is there""", run(processor, "part:why near"));
            assertEquals("""
                    bundle far 0.0.0 is not resolved
                      it needs package offered.by.near, which another bundle would offer
                        bundle offering 0.0.0 is not resolved
                          it needs package no.such.thing, which nobody offers
                    Way out: part:install a bundle that offers package no.such.thing""", run(processor, "part:why far"));
        } finally {
            near.uninstall();
            far.uninstall();
            offering.uninstall();
        }
    }

    @Test
    public void unsatisfiedReferencesAreFollowedDownToTheServiceThatNobodyOffers(BundleContext context, CommandProcessor processor) throws Exception {
        Bundle car = component(context, "car", "", "<property name=\"tidemark.protocol\" value=\"drive\"/>" + offers("java.lang.Runnable") + lacks("a.Wheel",
                "(size=15)"));
        Bundle wheel = component(context, "wheel", "", "<property name=\"size\" value=\"15\"/>" + offers("a.Wheel") + lacks("a.Tyre", ""));
        Bundle small = component(context, "small", "", "<property name=\"size\" value=\"13\"/>" + offers("a.Wheel"));
        try {
            String why = run(processor, "part:why drive");
            assertEquals(List.of("component car is not satisfied", "  it has nobody for wheel: a service a.Wheel with (size=15)"), why.lines().limit(2)
                    .toList());
            assertTrue(why.contains("\n    component wheel is not satisfied\n      it has nobody for wheel: a service a.Tyre; no bundle here offers one\n"),
                    why);
            assertTrue(why.contains("    component small offers one with {"), why);
            assertTrue(why.lines().reduce((a, b) -> b).orElse("").startsWith("Way out: part:install a bundle that offers a"), why);
            assertTrue(run(processor, "part:why").contains(why.lines().findFirst().orElseThrow()), "it is among all that are not satisfied");
        } finally {
            car.uninstall();
            wheel.uninstall();
            small.uninstall();
        }
    }

    @Test
    public void aComponentThatIsDisabledOrWithoutConfigurationSaysSo(BundleContext context, CommandProcessor processor) throws Exception {
        Bundle off = component(context, "off", "enabled=\"false\"", "<property name=\"tidemark.stop\" value=\"sleepy\"/>" + offers("java.lang.Runnable"));
        Bundle unset = component(context, "unset", "configuration-policy=\"require\" configuration-pid=\"my.pid\"",
                "<property name=\"tidemark.stop\" value=\"unset\"/>"
                + offers("java.lang.Runnable"));
        try {
            assertEquals("component off is disabled\nWay out: scr:enable off", run(processor, "part:why sleepy"));
            assertEquals("component unset has no configuration my.pid\nWay out: write my.pid.config into machines/ of the platform's home", run(processor,
                    "part:why unset"));
        } finally {
            off.uninstall();
            unset.uninstall();
        }
    }

    /** Of a bundle that is made here. */
    public static final class Failing {
        public Failing() {
            throw new IllegalStateException("no brake today");
        }
    }

    @Test
    public void anActivationThatFailedIsExplainedByItsException(BundleContext context, CommandProcessor processor) throws Exception {
        String description = "<scr:component xmlns:scr=\"http://www.osgi.org/xmlns/scr/v1.3.0\" name=\"failing\" immediate=\"true\"><property name=\"tidemark.stop\" value=\"failing\"/>"
                + offers("java.lang.Runnable") + "<implementation class=\"" + Failing.class.getName() + "\"/></scr:component>";
        Path jar = Files.write(Platform.folder("failing").resolve("failing.jar"), JarFiles.bundle("failing", DS, Map.of("OSGI-INF/c.xml", description)));
        try (InputStream code = WhyIT.class.getResourceAsStream("WhyIT$Failing.class")) {
            Files.write(jar, JarFiles.with(jar, Failing.class.getName().replace('.', '/') + ".class", code.readAllBytes()));
        }
        Bundle failing = context.installBundle(jar.toUri().toString());
        failing.start();
        Bundle missing = component(context, "missing", "immediate=\"true\"", "<property name=\"tidemark.stop\" value=\"missing\"/>"
                + offers("java.lang.Runnable"));
        try {
            String why = run(processor, "part:why failing");
            assertTrue(why.contains("component failing failed when it was activated: ") && why.contains("no brake today"), why);
            assertTrue(why.endsWith("\nWay out: mend that and part:update failing FILE"), why);
            why = run(processor, "part:why missing");
            assertTrue(why.contains("component missing was not activated: there is no class no.such.Class in it, or it fails; the log says more"), why);
        } finally {
            failing.uninstall();
            missing.uninstall();
        }
    }

    @Test
    public void ofTwoBundlesWithTheSamePartTheOneInUseIsNamed(BundleContext context, CommandProcessor processor) throws Exception {
        String body = "<property name=\"tidemark.stop\" value=\"twice\"/>" + offers("java.lang.Runnable");
        Bundle first = component(context, "first", "", body);
        Bundle second = component(context, "second", "", body + "<property name=\"service.ranking\" type=\"Integer\" value=\"7\"/>");
        try {
            assertEquals("stop 'twice' is offered by bundle second 0.0.0, ranking 7; nobody uses it\nstop 'twice' is offered by bundle first 0.0.0, ranking 0; not taken, the one above is before it",
                    run(processor, "part:why twice"));
        } finally {
            first.uninstall();
            second.uninstall();
        }
    }

    @Test
    public void aFrozenMachineLeadsToTheBundleOfThePartThatIsGone(BundleContext context, CommandProcessor processor, Machines machines) throws Exception {
        Machine machine = machines.create(MachineSpec.of(Map.of("name", "frozen", "guest", "storm", "ram", "64")));
        Bundle uart = bundle(context, "tidemark.device.uart");
        try {
            machine.start();
            uart.stop();
            String why = "frozen.uart0 is device 'uart', which is not there\n" + "  bundle tidemark.device.uart " + uart.getVersion()
                    + " is not started\nWay out: felix:start " + uart.getBundleId();
            assertEquals("machine frozen is frozen: " + machine.status().reason() + "\n" + why.replaceAll("(?m)^(?!Way)", "  "), run(processor,
                    "part:why frozen"));
            assertEquals(why, run(processor, "part:why frozen.uart0"));
        } finally {
            uart.start();
            machines.destroy("frozen");
        }
    }

    @Test
    public void aFileThatWasTurnedAwayIsFoundByItsName(BundleContext context, CommandProcessor processor) throws Exception {
        Path file = Files.writeString(Path.of(context.getProperty("tidemark.home"), "plugins", "half.jar"), "half");
        Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        try {
            Platform.await("turned away", () -> run(processor, "part:why").contains("half.jar"));
            String why = run(processor, "part:why half");
            assertTrue(why.startsWith("file " + file + ": it is no jar, or not all of one"), why);
            assertTrue(why.endsWith("\nWay out: put another file in its place, or remove it"), why);
        } finally {
            Files.delete(file);
        }
    }

    @Test
    public void aMachineWhoseFileFailedIsExplained(BundleContext context, CommandProcessor processor) throws Exception {
        Path folder = Path.of(context.getProperty("felix.fileinstall.dir"));
        Path refused = Files.writeString(folder.resolve("tidemark.machine-small.config"), "guest=\"storm\"\nram=\"lots\"\n");
        Path broken = Files.writeString(folder.resolve("tidemark.machine-broken.config"), "guest=storm\n\"\n");
        try {
            Platform.await("the file was read", () -> run(processor, "part:why small").contains("lots"));
            String why = run(processor, "part:why small");
            assertTrue(why.startsWith("machine small is not there: tidemark.machine-small.config in machines/ of the platform's home: "), why);
            assertTrue(why.endsWith("\nWay out: mend tidemark.machine-small.config"), why);
            Platform.await("the other one, too", () -> run(processor, "part:why broken").startsWith("machine broken is not there: tidemark.machine-broken.config"));
            String all = run(processor, "part:why");
            assertTrue(all.contains("machine small is not there") && all.contains("machine broken is not there"), all);
        } finally {
            Files.delete(refused);
            Files.delete(broken);
            Platform.await("the file is forgotten", () -> {
                String why = run(processor, "part:why");
                return !why.contains("machine small") && !why.contains("machine broken");
            });
        }
    }

    @Test
    public void aPartTellsWhereItIsFromAndWhoUsesItSinceWhen(CommandProcessor processor, Machines machines) throws Exception {
        Machine machine = machines.create(MachineSpec.of(Map.of("name", "user", "guest", "storm", "ram", "64")));
        try {
            machine.start();
            machine.use("uart0", "uart");
            String info = run(processor, "part:info uart");
            for (String expected : List.of("device.uart.jar", "tidemark.api.device.DevicePart", "user.uart0, for ", "exchange 1 of that place",
                    "stateVersion=OptionalInt[")) {
                assertTrue(info.contains(expected), expected + " in " + info);
            }
            assertTrue(info.matches("(?s).*sha256=[0-9a-f]{64}.*"), info);
            String live = run(processor, "part:info protocol.live");
            assertTrue(live.contains("bandwidthLimitMiBps"), live);
        } finally {
            machines.destroy("user");
        }
    }
}
