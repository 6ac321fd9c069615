package rival

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"slices"
)

// Updater is a program that changes versions.
type Updater string

// The updaters that are known.
const (
	Renovate     Updater = "renovate"
	Dependabot   Updater = "dependabot"
	Flux         Updater = "flux"
	Keel         Updater = "keel"
	ImageUpdater Updater = "argocd-image-updater"
)

// Title is the updater as people call it.
func (u Updater) Title() string {
	switch u {
	case Renovate:
		return "Renovate"
	case Dependabot:
		return "Dependabot"
	case Flux:
		return "Flux image automation"
	case Keel:
		return "Keel"
	case ImageUpdater:
		return "Argo CD Image Updater"
	}

	return string(u)
}

// Verdict is what an updater does with the images, as far as the tree tells.
type Verdict string

// The verdicts.
const (
	// Moves: it changes at least one of the places.
	Moves Verdict = "moves"
	// Misses: it changes at least one of the places, and a rule that means to keep it from that names none of the images.
	Misses Verdict = "misses"
	// Unknown: something outside of the tree decides, or a rule that only the updater can weigh.
	Unknown Verdict = "unknown"
	// Apart: it is set up for other things and reads none of the places.
	Apart Verdict = "apart"
	// Excluded: it is told to leave the images alone.
	Excluded Verdict = "excluded"
)

// Rivals tells whether the updater gets in the way, or may.
func (v Verdict) Rivals() bool { return v == Moves || v == Misses || v == Unknown }

// Place is one place that names an image.
type Place struct {
	File string
	Line int
	// Image without tag and digest, with its registry.
	Image string
}

// Rival is one configuration of one updater.
type Rival struct {
	Updater Updater
	// File and Line of the configuration: of what decides, else of its beginning.
	File string
	Line int
	// Verdict sums the places up: the worst of them.
	Verdict Verdict
	// Images are those that it moves or may move, sorted; empty where it leaves all alone.
	Images []string
	// Places are those that it moves or may move, by file and line.
	Places []Place
	// Why is the reason of the verdict, one sentence without a full stop.
	Why string
	// Snippet keeps it off the images; zero where it is Excluded.
	Snippet Snippet
}

// Find looks for updaters in the files of a tree. The images are those of the places; what a place is not (a mention in a
// text, say) must not be among them. A configuration that cannot be read is Unknown and says why; an error is a file that
// cannot be read at all, or a context's end. The rivals are ordered by file, line and updater.
func Find(ctx context.Context, fsys fs.FS, files []string, places []Place) ([]Rival, error) {
	t := &tree{fsys: fsys, places: slices.Clone(places), images: imagesOf(places)}
	slices.SortFunc(t.places, comparePlaces)

	found := []Rival{}

	for _, look := range []func(context.Context, []string) ([]Rival, error){t.renovate, t.dependabot, t.objects} {
		more, err := look(ctx, files)
		if err != nil {
			return nil, fmt.Errorf("looking for other updaters: %w", err)
		}

		found = append(found, more...)
	}

	slices.SortStableFunc(found, func(a, b Rival) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Updater, b.Updater))
	})

	return found, nil
}

// tree is what the updaters are held against.
type tree struct {
	fsys   fs.FS
	places []Place
	images []string
}

// imagesOf are the images of the places, each once.
func imagesOf(places []Place) []string {
	images := make([]string, 0, len(places))
	for _, p := range places {
		images = append(images, p.Image)
	}

	slices.Sort(images)

	return slices.Compact(images)
}

func comparePlaces(a, b Place) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Image, b.Image))
}

// rival makes a finding. The places count where the verdict is that they are moved, or may be.
func (t *tree) rival(u Updater, file string, line int, v Verdict, places []Place, why string) Rival {
	r := Rival{Updater: u, File: file, Line: max(line, 1), Verdict: v, Images: []string{}, Places: []Place{}, Why: why}

	if v.Rivals() {
		r.Images, r.Places = imagesOf(places), places
	}

	if v != Excluded {
		r.Snippet = snippet(u, file, r, t.images)
	}

	return r
}

// Advice is what to do about a rival, one sentence.
func (r Rival) Advice() string {
	switch r.Verdict {
	case Moves, Misses:
		return "Keep it off these images: two bots would move web and streaming apart."
	case Unknown:
		return "Make sure that it leaves these images alone: two bots would move web and streaming apart."
	case Apart:
		return "Nothing has to be done; should it ever look here, this keeps it off."
	case Excluded:
		return "Nothing has to be done."
	}

	return ""
}
