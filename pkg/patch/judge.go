package patch

import (
	"fmt"
	"maps"
	"slices"

	"github.com/goingdark-social/bot/pkg/layout"
	"github.com/goingdark-social/bot/pkg/version"
)

// judge says what is wrong once every reference has its application.
func (s *scan) judge() {
	for _, a := range s.apps {
		a.components()
		a.overridden()

		for _, r := range a.refs {
			s.undecided(a, r)
		}
	}

	for _, p := range slices.SortedFunc(maps.Values(s.byPath), comparePages) {
		if s.leftOut(p.path) {
			continue
		}

		for _, problem := range p.problems {
			if problem.Application != "" {
				// It was read for that one.
			} else if owner := s.concerned(p.path); owner != nil {
				problem.Application = owner.name
			} else if archived(p.path) {
				problem.Fatal = false
			}

			s.problems = append(s.problems, problem)
		}
	}

	s.problems = append(s.problems, s.absent()...)

	s.problems = append(s.problems, s.misplaced()...)
}

// leftOut tells what policy excludes from every application that there is.
func (s *scan) leftOut(file string) bool {
	return slices.ContainsFunc(s.apps, func(a *app) bool {
		return a.config != nil && slices.ContainsFunc(a.config.Exclude, func(glob string) bool { return globMatch(glob, file) })
	})
}

// misplaced is what is wrong with where things are, of the applications. What a broken kustomization decides can't be known.
func (s *scan) misplaced() []Problem {
	var problems []Problem

	for _, problem := range s.layout.Problems() {
		told := slices.ContainsFunc(s.problems, func(p Problem) bool { return p.File == problem.File && p.Fatal })
		if owner := s.concerned(problem.File); owner != nil && (!told || !problem.Broken) {
			problems = append(problems, Problem{
				File: problem.File, Line: problem.Line, Message: problem.Message, Application: owner.name, Fatal: problem.Broken,
			})
		}
	}

	return problems
}

// components says what each reference decides that nothing told yet: a kustomize entry what it matches, a place in a manifest whose pod
// is unknown (a custom resource, a base that is elsewhere) what its image runs by itself.
func (a *app) components() {
	for _, r := range a.refs {
		for _, p := range r.matched {
			r.Components = addComponents(r.Components, p.is()...)
		}

		if len(r.Components) == 0 && r.Form != Markdown {
			r.Components = []Component{Web}
			if r.streaming {
				r.Components = []Component{Streaming}
			}
		}
	}
}

// absent tells of manifests of an application that Git LFS keeps elsewhere: they may name its images.
func (s *scan) absent() []Problem {
	var problems []Problem

	for _, file := range s.pointers {
		if a := s.concerned(file); a != nil {
			problems = append(problems, Problem{
				File: file, Line: 1, Application: a.name, Fatal: true,
				Message: "is a pointer of Git LFS: what it stands for is not at hand and may name an image; run git lfs pull, or keep manifests out of LFS",
			})
		}
	}

	return problems
}

// concerned is the one application that a file belongs to, nil when that can't be told.
func (s *scan) concerned(file string) *app {
	for _, a := range s.apps {
		if a.reaches(file) {
			return a
		}
	}

	a, _ := s.holder(file)

	return a
}

// families settles which family each application's images are of.
func (s *scan) families() {
	for _, a := range s.apps {
		s.family(a)
		a.kin = a.family()
	}
}

func (s *scan) family(a *app) {
	if a.config != nil && a.config.Images.Web != "" {
		for _, r := range a.refs {
			r.family = a.config.Images
		}

		return
	}

	for _, f := range s.names.families {
		if !slices.ContainsFunc(a.refs, func(r *Reference) bool { return !slices.Contains(r.families, f) }) {
			for _, r := range a.refs {
				r.family = f
			}

			return
		}
	}

	for _, r := range a.refs {
		r.family = r.families[0]
		if first := a.refs[0]; !sharesFamily(first, r) {
			s.problems = append(s.problems, Problem{
				File: r.File, Line: r.Line, Application: a.name, Fatal: true,
				Message: fmt.Sprintf("%s and %s (%s:%d) are images of two families in one application: say in %s which images %s runs",
					r.Image, first.Image, first.File, first.Line, policyFile, a.name),
			})
		}
	}
}

// overridden sets places aside whose tag is no version at all, a placeholder, and that something else decides wherever they are
// rendered.
func (a *app) overridden() {
	for _, r := range a.refs {
		if r.Form == Container && r.at.variable == "" && r.Digest == "" && r.Tag != "" && r.Version().Kind() == version.Unknown && a.replaced(r) {
			r.at.elsewhere = true
		}
	}
}

func (a *app) replaced(r *Reference) bool {
	seen := false

	for _, p := range a.pods() {
		if p.reference == r {
			if seen = true; p.decided == r {
				return false
			}
		}
	}

	return seen
}

// undecided tells of images whose version nothing in the tree decides.
func (s *scan) undecided(a *app, r *Reference) {
	if r.Tag == "" && r.Digest == "" && !r.at.elsewhere && !a.decidesFor(r) {
		s.problems = append(s.problems, Problem{
			File: r.File, Line: r.Line, Application: a.name, Fatal: true,
			Message: r.Image + " has no tag, and nothing in this tree decides its version: add one, or an entry under images: of the kustomization",
		})
	}

	if r.at.variable != "" && r.at.tag.Len() == 0 && r.at.definition == nil {
		s.problems = append(s.problems, Problem{
			File: r.File, Line: r.Line, Application: a.name, Fatal: true,
			Message: fmt.Sprintf("%s takes its version from %s, which nothing in this tree defines", r.Image, r.Tag),
		})
	}
}

// decidesFor tells that wherever an image is rendered something else gives it a version. One that is not rendered is decided if an
// entry for the image exists at all.
func (a *app) decidesFor(r *Reference) bool {
	seen := false

	for _, p := range a.pods() {
		if p.reference != r {
			continue
		}

		if seen = true; p.decided == nil && p.tag == "" && p.digest == "" {
			return false
		}
	}

	return seen && a.reaches(r.File) || slices.ContainsFunc(a.refs, func(o *Reference) bool {
		return o.Form == KustomizeImage && o.Image == r.Image && !o.at.elsewhere
	})
}

// family is that of its images; mentions in its notes have none of their own. Two families make none.
func (a *app) family() Family {
	var family Family

	for _, r := range a.refs {
		switch {
		case r.family == (Family{}) || r.family == family:
		case family == (Family{}):
			family = r.family
		default:
			return Family{}
		}
	}

	return family
}

// application is the public value.
func (a *app) application(l *layout.Layout) Application {
	out := Application{Name: a.name, Roots: slices.Clone(a.roots()), On: []version.Version{}, Notes: slices.Sorted(slices.Values(a.notes))}

	out.Family = a.family()
	out.On = a.on()
	out.Runs = a.runs()
	out.Mixed = a.mixed()
	out.Files = a.files(l)

	return out
}

// on is what the rendered web and sidekiq say; without either, what everything says that decides.
func (a *app) on() []version.Version {
	var on []version.Version

	for _, wanted := range [][]Component{{Web, Sidekiq}, componentOrder} {
		for _, p := range a.pods() {
			if p.decided != nil && slices.ContainsFunc(p.is(), func(c Component) bool { return slices.Contains(wanted, c) }) {
				on = appendVersion(on, p.decided)
			}
		}

		if len(on) > 0 {
			return on
		}
	}

	for _, r := range a.refs {
		if r.Form != Name && r.Form != Label && r.Form != Markdown {
			on = appendVersion(on, r)
		}
	}

	return on
}

// maxVersions is how many versions of one application are told apart. It is far
// more than a person would look through, and each is held against all others.
const maxVersions = 100

func appendVersion(list []version.Version, r *Reference) []version.Version {
	v := r.Version()
	if r.Tag == "" || r.at.elsewhere || r.at.variable != "" && r.at.tag.Len() == 0 && r.at.definition == nil || len(list) == maxVersions || slices.ContainsFunc(list, v.Equal) {
		return list
	}

	list = append(list, v)
	slices.SortFunc(list, version.CompareAny)

	return list
}

// mixed tells that the references name more than one version, rendered or not.
func (a *app) mixed() bool {
	var all []version.Version
	for _, r := range a.refs {
		if r.Form != Name && r.Form != Label {
			all = appendVersion(all, r)
		}
	}

	return len(all) > 1
}
