package bot

import (
	"fmt"
	"strings"

	"github.com/goingdark-social/bot/pkg/inventory"
)

// SurveyObject is an object of the repository that an upgrade relies on.
type SurveyObject struct {
	Application string
	// Purpose is migrate, backup, database or pooler.
	Purpose    string
	Kind, Name string
	File       string
	Line       int
	// Detail is half a sentence: the phase of a Job, the method of a backup.
	Detail string
}

// Objects lists, application by application, what migrates and what backs up
// the database, the database itself and what stands in front of it. An object
// that no engine applies is in it, and its detail says so.
func (s *Survey) Objects() []SurveyObject {
	out := []SurveyObject{}

	for _, app := range s.View.Tree.Applications {
		inv := s.Inventories[app.Name]
		add := func(purpose string, o inventory.Object, detail ...string) {
			if !o.Listed {
				detail = append(detail, "reached by no kustomization")
			}

			out = append(out, SurveyObject{
				Application: app.Name, Purpose: purpose, Kind: o.Kind, Name: o.Name, File: o.File, Line: o.Line, Detail: sentence(detail),
			})
		}

		for _, j := range inv.MigrateJobs {
			add("migrate", j.Object, "phase "+string(j.Phase), j.Hook)
		}

		for _, b := range inv.Backups {
			add("backup", b.Object, string(b.Method), b.Schedule, suspended(b))
		}

		for _, d := range inv.Databases {
			add("database", d.Object, d.Product+" "+d.Version, "by "+d.By)
		}

		for _, p := range inv.Poolers {
			add("pooler", p.Object, p.Product, mode(p))
		}
	}

	return out
}

func suspended(b inventory.Backup) string {
	if b.Suspended {
		return "suspended"
	}

	return ""
}

func mode(p inventory.Store) string {
	if p.Mode == "" {
		return ""
	}

	return fmt.Sprintf("mode %s", p.Mode)
}

// sentence joins what is not empty.
func sentence(parts []string) string {
	var said []string

	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			said = append(said, p)
		}
	}

	return strings.Join(said, ", ")
}
