package status

import (
	"slices"
	"time"
)

// Repository is what is known of one repository.
type Repository struct {
	// Name is "owner/name".
	Name string
	// URL is its page; "" if it was never read.
	URL string
	// Branch is the base branch and Commit its head when it was read.
	Branch, Commit string
	// At is when it was last looked at.
	At time.Time
	// Applications are sorted by name, never nil.
	Applications []Application
	// Problems are the places that name an image and could not be read.
	Problems []Problem
	// Err is why the repository could not be served at all; "": it was. The
	// applications are then those of an earlier pass, or none.
	Err string
}

// Problem is a place that could not be read.
type Problem struct {
	// File is relative to the repository, Line counts from 1; 0: the whole file.
	File    string
	Line    int
	Message string
}

// Application is the one of a name.
func (r Repository) Application(name string) (Application, bool) {
	i := slices.IndexFunc(r.Applications, func(a Application) bool { return a.Name == name })
	if i < 0 {
		return Application{}, false
	}

	return r.Applications[i], true
}

// Failed tells that something about it could not be served.
func (r Repository) Failed() bool {
	return r.Err != "" || slices.ContainsFunc(r.Applications, func(a Application) bool { return a.Err != "" })
}
