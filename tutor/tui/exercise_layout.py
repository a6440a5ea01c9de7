"""Where the panes of the exercise screen stand: one at a time, two columns, or three."""

from __future__ import annotations

LAYOUT = """\
ExerciseScreen {
    #title { height: 1; padding: 0 1; background: $panel; text-wrap: nowrap; text-overflow: ellipsis; }
    #panes { height: 1fr; }
    #editor { height: 1fr; }

    &.-wide, &.-full {
        PaneBar { display: none; }
        #panes > * { border: round $border-blurred; border-title-color: $text-muted; }
        #panes > *:focus, #panes > *:focus-within {
            border: heavy $border;
            border-title-color: $text-accent;
            border-title-style: bold;
        }
    }
    &.-wide #panes {
        layout: grid;
        grid-size: 2 2;
        grid-columns: 1fr 1fr;
        grid-rows: 2fr 3fr;
        #code { row-span: 2; }
    }
    &.-full #panes {
        layout: grid;
        grid-size: 3 1;
        grid-columns: 4fr 6fr 5fr;
    }

    &.-narrow, &.-zoomed {
        PaneBar { display: block; }
        #panes { layout: vertical; }
        #panes > * { display: none; border: none; height: 1fr; }
        #panes > *:focus, #panes > *:focus-within { border: none; }
    }
    &.-narrow.-lesson #lesson, &.-zoomed.-lesson #lesson { display: block; }
    &.-narrow.-code #code, &.-zoomed.-code #code { display: block; }
    &.-narrow.-checks #checks, &.-zoomed.-checks #checks { display: block; }
}
"""
