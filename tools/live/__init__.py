"""Run a chapter in the reader's own browser, from the book's own site.

* `fetch`: Python for the browser, every file checked against its hash;
* `chapters`: what the script must know of a built page to run it;
* `assemble`: all of it under ``live/`` of the built site (``make live``);
* `static/`: the worker that computes, and the view that makes a page a notebook.

Neither the library nor ``make book`` needs any of it.
"""
