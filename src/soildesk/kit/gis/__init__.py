"""Files of geometry into a collection and out of it.

    asked = Asked(crs="EPSG:4547")
    target = targets.named(actor, "parcels", on)
    batch = loading.load(loading.begin(target, path, asked, purpose), path)     # rows nobody sees yet
    imports.accept(batch, purpose)                                            # one short transaction

A file is read in a limited child process, chunk by chunk: geometry to CGCS2000, checked against the taxonomy of
faults, matched with the rows that stand. What cannot be taken is told row by row with value, expectation, next step.
"""
