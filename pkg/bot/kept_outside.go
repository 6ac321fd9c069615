package bot

import "github.com/goingdark-social/bot/pkg/gh"

// keptOutside is what a process that stays knows of what is outside of the
// repositories, by repository and application.
type keptOutside struct {
	// inputs holds the tree of each application as it was read to be judged.
	inputs map[string]seenInput
	// still holds what was found in trees that have not moved, by application.
	still map[string]still
	// images holds what the registry said of the images in use.
	images map[string]seenImages
	// turns counts the passes.
	turns map[string]int
	// updates holds the answers of the update check, by version.
	updates map[string]seenUpdates
	// viewer is who the token is of, where GitHub makes the commits.
	viewer gh.Viewer
}

func newKeptOutside() keptOutside {
	return keptOutside{
		inputs: map[string]seenInput{}, still: map[string]still{}, images: map[string]seenImages{}, turns: map[string]int{}, updates: map[string]seenUpdates{},
	}
}
