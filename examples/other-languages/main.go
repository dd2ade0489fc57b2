// Reads records, one a line, into the generated types and writes them back.
package main

import (
	"bufio"
	"fmt"
	"log"
	"os"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<26)
	for lines.Scan() {
		record, err := UnmarshalRecord(lines.Bytes())
		if err != nil {
			log.Fatal("not a record of the class")
		}
		text, err := record.Marshal()
		if err != nil {
			log.Fatal("not written")
		}
		fmt.Println(string(text))
	}
}
