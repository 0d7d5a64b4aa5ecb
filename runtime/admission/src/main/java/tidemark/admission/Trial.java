package tidemark.admission;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Finds out whether a bundle would resolve, before the one is touched that it is to replace: resolves a bundle of another name with the same manifest and
 * nothing else.
 */
final class Trial {
    private static final String SUFFIX = ".trial";
    private static final List<String> LEFT_OUT = List.of(Constants.BUNDLE_ACTIVATOR, Constants.BUNDLE_CLASSPATH, "Service-Component");
    /** The framework's words: bundle, namespace, filter. */
    private static final Pattern MISSING = Pattern.compile("missing requirement \\[(\\S+) \\[[^)]*\\)] ([^;\\s]+)(?:; (\\(.*?\\)))?(?= \\[caused by|]*$)");
    private static final Pattern VERSIONS = Pattern.compile("\\(version>=([^)]*)\\)(?:\\(!\\(version>=([^)]*)\\)\\))?");

    private Trial() {}

    /** @return why it does not resolve; empty if it does */
    static Optional<String> objection(BundleContext framework, Gatekeeper gatekeeper, Candidate candidate) throws BundleException {
        if (candidate.manifest().getValue(Constants.FRAGMENT_HOST) != null) {
            return Optional.empty();
        }
        Bundle bundle = framework.installBundle("trial:" + candidate.sha256(), new ByteArrayInputStream(manifestOnly(candidate)));
        try {
            gatekeeper.expect(bundle);
            return framework.getBundle(Constants.SYSTEM_BUNDLE_ID).adapt(FrameworkWiring.class).resolveBundles(List.of(bundle)) ? Optional.empty()
                    : Optional.of(why(bundle));
        } finally {
            gatekeeper.admit(bundle);
            bundle.uninstall();
        }
    }

    private static byte[] manifestOnly(Candidate candidate) {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putAll(candidate.manifest());
        LEFT_OUT.forEach(header -> manifest.getMainAttributes().remove(new Attributes.Name(header)));
        manifest.getMainAttributes().putValue(Constants.BUNDLE_SYMBOLICNAME, candidate.symbolicName() + SUFFIX);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            jar.finish();
        } catch (IOException e) {
            throw new IllegalStateException("Nothing is written but memory", e);
        }
        return bytes.toByteArray();
    }

    private static String why(Bundle bundle) {
        try {
            bundle.start(Bundle.START_TRANSIENT);
            return "it does not resolve";
        } catch (BundleException e) {
            return unresolved(e);
        }
    }

    /** The framework's words on a bundle that does not resolve, for people. */
    static String unresolved(BundleException e) {
        String text = String.valueOf(e.getMessage()).replaceFirst("(?s)\\s*Unresolved requirements:.*", "");
        List<MatchResult> missing = MISSING.matcher(text).results().toList();
        if (missing.isEmpty()) {
            return text.replace(SUFFIX, "");
        }
        String first = "it needs " + need(missing.getFirst());
        return missing.size() == 1 ? first + ", which nobody offers"
                : first + "; " + missing.getLast().group(1) + ", on which that depends, needs " + need(missing.getLast()) + ", which nobody offers";
    }

    private static String need(MatchResult requirement) {
        String namespace = requirement.group(2);
        String filter = String.valueOf(requirement.group(3));
        Matcher name = Pattern.compile("\\(" + Pattern.quote(namespace) + "=([^)]*)\\)").matcher(filter);
        if (!name.find()) {
            return namespace + " " + filter;
        }
        Matcher versions = VERSIONS.matcher(filter);
        String range = !versions.find() ? "" : versions.group(2) == null ? " " + versions.group(1) + " or newer" : " [" + versions.group(1) + ","
                + versions.group(2) + ")";
        return (namespace.equals(PackageNamespace.PACKAGE_NAMESPACE) ? "package" : namespace) + " " + name.group(1) + range;
    }
}
