package contract

// ProgramVersion is the result of bot version.
type ProgramVersion struct {
	// Version of the contract.
	Version int `json:"version" jsonschema:"enum=1"`
	// Program is the version of the program; devel where it was built from a working tree.
	Program string `json:"program"`
	// Go is the version of the compiler.
	Go string `json:"go"`
	// Platform is os/architecture.
	Platform string `json:"platform"`
}

// NewProgramVersion returns the result.
func NewProgramVersion(program, compiler, platform string) ProgramVersion {
	return ProgramVersion{Version: Version, Program: program, Go: compiler, Platform: platform}
}
