"""Controls that every place of the window uses: buttons, the thin bar, the ring, segments of a bar, menus."""
