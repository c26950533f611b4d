"""What is said in a recording: subtitles beside it or inside it, else speech recognition."""
