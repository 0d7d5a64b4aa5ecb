package tidemark.shell.why;

import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.osgi.framework.Bundle;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** The names of the parts that bundles would offer, whether or not they do: by their component descriptions. */
final class DeclaredParts {
    private static final String PREFIX = "tidemark.";
    private static final String HEADER = "Service-Component";
    private static final int MAX_BYTES = 1 << 20;

    private DeclaredParts() {}

    /** Of a component: kinds and names. */
    static Map<String, List<String>> of(Map<String, Object> properties) {
        Map<String, List<String>> parts = new TreeMap<>();
        properties.forEach((key, value) -> {
            if (key.startsWith(PREFIX)) {
                parts.put(key.substring(PREFIX.length()), value instanceof Object[] several ? Arrays.stream(several).map(String::valueOf).toList()
                        : List.of(String.valueOf(value)));
            }
        });
        return parts;
    }

    static boolean offers(Map<String, Object> properties, String name) {
        return of(properties).values().stream().anyMatch(names -> names.contains(name));
    }

    /** Whether a bundle has a component for a part of that name. DS knows the components of bundles that are started only, for others their files are read. */
    static boolean offers(Bundle bundle, String name, ServiceComponentRuntime runtime) {
        return runtime.getComponentDescriptionDTOs(bundle).stream().anyMatch(component -> offers(component.properties, name))
                || bundle.getState() != Bundle.ACTIVE && inFiles(bundle).contains(name);
    }

    private static List<String> inFiles(Bundle bundle) {
        String header = bundle.getHeaders("").get(HEADER);
        List<String> names = new ArrayList<>();
        for (String path : header == null ? new String[0] : header.split("\\s*,\\s*")) {
            URL entry = bundle.getEntry(path);
            if (entry != null) {
                names.addAll(names(entry));
            }
        }
        return names;
    }

    private static List<String> names(URL description) {
        try (java.io.InputStream in = description.openStream()) {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            Document document = factory.newDocumentBuilder().parse(new java.io.ByteArrayInputStream(in.readNBytes(MAX_BYTES)));
            NodeList properties = document.getElementsByTagName("property");
            List<String> names = new ArrayList<>();
            for (int i = 0; i < properties.getLength(); i++) {
                if (properties.item(i) instanceof Element property && property.getAttribute("name").startsWith(PREFIX)) {
                    Stream.of(property.getAttribute("value"), property.getTextContent()).flatMap(String::lines).map(String::strip).forEach(names::add);
                }
            }
            return names;
        } catch (IOException | SAXException | ParserConfigurationException e) {
            // a description that cannot be read declares nothing; the framework's log has the rest
            return List.of();
        }
    }
}
