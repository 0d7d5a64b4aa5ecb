/** Experiments as files: what is compared with what, how often, in which order. */
package tidemark.lab.experiment;
