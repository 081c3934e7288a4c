"""What instructors get from the chapters: minutes, packed chapters, quizzes."""
