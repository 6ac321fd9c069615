package stories_test

import (
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/goingdark-social/bot/internal/world"
)

// urgent lets upstream's update check recommend a release to everybody.
func urgent(ts *testscript.TestScript, _ bool, args []string) {
	of(ts).Updates.Recommend(world.Update{Version: arg(ts, args, 0, "")[1:], Urgent: true, Type: "minor"})
}

func down(ts *testscript.TestScript, _ bool, _ []string) { of(ts).Updates.Down(true) }
