package main

import (
	"path/filepath"
	"testing"
)

// Both sides do the same work, run after run: each pushes the very tree that it
// should, from the same start, and a run that did not is an error.
func TestEveryLanePushesTheSameChange(t *testing.T) {
	t.Parallel()

	mono := filepath.Join(t.TempDir(), "monorepo")
	if err := instance(filepath.Join(mono, filepath.FromSlash(changeFolder))); err != nil {
		t.Fatal(err)
	}

	races, closed, err := changeRaces(t.Context(), t.TempDir(), mono, 1)
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() {
		if err := closed(); err != nil {
			t.Error(err)
		}
	})

	for _, r := range races {
		for range 2 {
			for _, l := range r.lanes {
				_, asked, err := r.turn(t.Context(), l)
				if err != nil {
					t.Fatalf("%s: %v", r.name, err)
				}

				if asked.requests < 4 || asked.bytes == 0 {
					t.Errorf("%s: %s asked %+v of the server", r.name, l.name, asked)
				}
			}
		}

		idle := r.lanes[0]
		idle.command = []string{"true"}

		if _, _, err := r.turn(t.Context(), idle); err == nil {
			t.Errorf("%s: a run that pushed nothing is good", r.name)
		}

		wrong := r.lanes[0]
		wrong.command = append(wrong.command[:len(wrong.command)-1:len(wrong.command)-1], "v4.4.5")

		if _, _, err := r.turn(t.Context(), wrong); err == nil {
			t.Errorf("%s: a run that pushed something else is good", r.name)
		}
	}
}
