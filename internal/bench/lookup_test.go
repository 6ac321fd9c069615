package main

import (
	"errors"
	"testing"
)

// A peer that did nothing would make any ratio: the race has to end then.
func TestARunThatFoundNoUpdateIsAnError(t *testing.T) {
	t.Parallel()

	images := []string{"127.0.0.1:1/web", "127.0.0.1:1/streaming"}
	report := func(web, streaming string) []byte {
		return []byte(`{"repositories": {"local": {"packageFiles": {"kubernetes": [
			{"deps": [{"depName": "Deployment"}, {"depName": "127.0.0.1:1/web", "updates": ` + web + `}]},
			{"deps": [{"depName": "127.0.0.1:1/streaming", "updates": ` + streaming + `}]}]}}}}`)
	}

	const found, older = `[{"newValue": "v4.5.2"}]`, `[{"newValue": "v4.5.1"}]`

	if err := lookedUp(report(found, found), images); err != nil {
		t.Error(err)
	}

	for name, data := range map[string][]byte{
		"an empty report": []byte(`{"repositories": {}}`), "no update": report(`[]`, `[]`),
		"one image": report(found, `[]`), "another release": report(found, older),
	} {
		if err := lookedUp(data, images); !errors.Is(err, errNotLookedUp) {
			t.Errorf("%s: %v", name, err)
		}
	}

	if err := planned([]byte(`{"applications": [{"proposals": [{"track": "patch", "to": "v4.5.2"}]}]}`)); err != nil {
		t.Error(err)
	}

	if err := planned([]byte(`{"applications": [{"on": ["v4.5.2"], "proposals": []}]}`)); !errors.Is(err, errNotPlanned) {
		t.Error(err)
	}
}
