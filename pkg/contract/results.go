package contract

// Results returns an empty result of every command, by the name of its schema.
func Results() map[string]any {
	return map[string]any{
		"bump":     NewBump(),
		"check":    NewCheck(),
		"demo":     NewDemo("", ""),
		"drift":    NewDrift(),
		"history":  NewHistory(),
		"init":     NewInit(),
		"notes":    NewNotes("", ""),
		"releases": NewReleases(),
		"run":      NewRun(),
		"scan":     NewScan(),
		"status":   NewStatus(),
		"version":  NewProgramVersion("", "", ""),
	}
}
