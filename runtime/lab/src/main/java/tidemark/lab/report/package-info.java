/** What a run showed: the thesis's tables and figures, sentences, in every format. */
package tidemark.lab.report;
