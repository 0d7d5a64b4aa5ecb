/** The lab: experiments from a file to tables and figures, as commands. */
package tidemark.lab;
