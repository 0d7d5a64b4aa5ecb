package tidemark.report;

import static tidemark.report.Svg.escape;

/** One HTML page that needs nothing else: a heading, sections, the words, the host. */
public final class Page {
    private static final String TEMPLATE = Resource.text(Page.class, "page.html");

    private final String heading;
    private final StringBuilder body = new StringBuilder();

    public Page(String heading) {
        this.heading = heading;
    }

    /** A paragraph. @param kind {@code muted}, {@code good} or {@code bad} */
    public Page paragraph(String kind, String text) {
        body.append("<p class=\"").append(kind).append("\">").append(escape(text)).append("</p>\n");
        return this;
    }

    /** @param html pictures, tables */
    public Page section(String title, String html) {
        body.append("<section><h2>").append(escape(title)).append("</h2>\n").append(html).append("</section>\n");
        return this;
    }

    /** A section that explains words. @param pairs a word, what it means, and so on */
    public Page words(String title, String... pairs) {
        StringBuilder html = new StringBuilder("<dl>\n");
        for (int i = 0; i < pairs.length; i += 2) {
            html.append("<dt>").append(escape(pairs[i])).append("</dt><dd>").append(escape(pairs[i + 1])).append("</dd>\n");
        }
        return section(title, html.append("</dl>").toString());
    }

    public Page measuredOn(Host host) {
        return words("Measured on", "processor", host.model() + ", " + host.cpus() + " CPUs", "memory", host.memory(), "system", host.os(),
                "Java", host.java());
    }

    /** The document. */
    public String html() {
        return TEMPLATE.replace("{heading}", escape(heading)).replace("{body}", body);
    }
}
